"""A zip that proves what is in it: files, and a list of their SHA-256 hashes."""

import csv
import hashlib
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

MANIFEST = "SHA256SUMS"


class Archive:
    """Files that are added one by one; ``sha256sum -c`` checks the whole.

    >>> with Archive(stream) as archive:
    ...     archive.add("a.pdf", content)
    """

    def __init__(self, stream: BinaryIO):
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED)
        self._hashes: dict[str, str] = {}

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if not any(error):
            self._zip.writestr(MANIFEST, self.manifest())
        self._zip.close()

    def add(self, name: str, content: bytes):
        self._zip.writestr(name, content)
        self._hashes[name] = hashlib.sha256(content).hexdigest()

    def add_table(
        self, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
    ):
        """A table as CSV in UTF-8, the rows as they come."""
        digest = hashlib.sha256()
        with self._zip.open(name, "w", force_zip64=True) as file:
            for row in itertools.chain([header], rows):
                file.write(self._line(row, digest))
        self._hashes[name] = digest.hexdigest()

    def manifest(self) -> str:
        return "".join(f"{digest}  {name}\n" for name, digest in self._hashes.items())

    @staticmethod
    def _line(row, digest):
        text = io.StringIO()
        csv.writer(text).writerow(row)
        line = text.getvalue().encode()
        digest.update(line)
        return line


def file_name(text: str) -> str:
    """``text`` as a name that every file system takes."""
    return re.sub(r"[^\w.-]+", "_", text).strip("._") or "file"
