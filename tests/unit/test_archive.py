import csv
import hashlib
import io
import zipfile

import pytest

from tools.archive import MANIFEST, Archive, file_name


def test_every_file_is_listed_with_its_hash():
    stream = io.BytesIO()
    with Archive(stream) as archive:
        archive.add("files/a.pdf", b"%PDF")
        archive.add_table("t.csv", ["id", "name"], iter([(1, "Zażółć, „gęślą”\njaźń")]))
    read = zipfile.ZipFile(stream)
    listed = dict(
        reversed(line.split("  ", 1))
        for line in read.read(MANIFEST).decode().splitlines()
    )
    assert {*listed} == {"files/a.pdf", "t.csv"}
    for name, digest in listed.items():
        assert hashlib.sha256(read.read(name)).hexdigest() == digest
    rows = csv.reader(io.StringIO(read.read("t.csv").decode(), newline=""))
    assert [*rows] == [["id", "name"], ["1", "Zażółć, „gęślą”\njaźń"]]


def test_what_is_broken_off_has_no_list():
    stream = io.BytesIO()
    with pytest.raises(RuntimeError), Archive(stream) as archive:
        archive.add("a", b"")
        raise RuntimeError
    assert MANIFEST not in zipfile.ZipFile(stream).namelist()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Zestawienie: październik.pdf", "Zestawienie_październik.pdf"),
        ("../../etc/passwd", "etc_passwd"),
        ("///", "file"),
    ],
)
def test_names_are_of_files(text, name):
    assert file_name(text) == name
