"""Mail that used to stop the import is read, and what was sent is kept."""

import base64
import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.readable_mail import as_it_came, essence, guessed, mend

TEXT = "Zażółć gęślą jaźń"


def parse(raw):
    return email.message_from_bytes(raw, policy=email.policy.SMTP)


def mail(headers, body=b"", subject=b"Zwykly"):
    lines = [b"From: jan@klient.example", b"To: pomoc@serwis.example"]
    return parse(b"\r\n".join([*lines, b"Subject: " + subject, *headers, b"", body]))


def text_of(message):
    return message.get_content().strip()


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        (b"", "windows-1250"),
        (b"; charset=x-cp1250", "windows-1250"),
        (b"; charset=cp-1250", "windows-1250"),
        (b"; charset=unknown-8bit", "windows-1250"),
        (b"; charset=x-user-defined", "iso-8859-2"),
        (b'; charset=""', "windows-1250"),
        (b"; charset=ansi", "utf-8"),
        (b"; charset=us-ascii", "utf-8"),
        (b"; charset=utf-8", "windows-1250"),
        (b"; charset=utf-8", "iso-8859-2"),
        (b"; charset=iso-8859-2", "windows-1250"),
        (b"; charset=hex", "windows-1250"),
        (b'; charset="utf-8\0"', "utf-8"),
    ],
)
def test_text_without_a_true_label(label, codec):
    message = mail([b"Content-Type: text/plain" + label], TEXT.encode(codec))
    source = as_it_came(message)
    assert mend(message) == source
    assert TEXT.encode(codec) in source
    assert text_of(message) == TEXT
    assert mend(message) is None


def test_a_label_without_a_name_over_plain_text():
    message = mail([b'Content-Type: text/plain; charset=""'], b"Zwykly")
    assert mend(message)
    assert text_of(message) == "Zwykly"


def test_text_without_any_header():
    message = mail([], f"{TEXT} – „cudzysłów” €".encode("windows-1250"))
    assert mend(message)
    assert text_of(message) == f"{TEXT} – „cudzysłów” €"


def test_quotes_of_word_in_latin():
    message = mail(
        [b"Content-Type: text/plain; charset=iso-8859-1"], b"\x93Caf\xe9\x94"
    )
    assert mend(message)
    assert text_of(message) == "“Café”"


@pytest.mark.parametrize("codec", ["utf-8", "windows-1250", "iso-8859-2"])
def test_what_can_be_read_stays_as_it_is(codec):
    message = mail(
        [f"Content-Type: text/plain; charset={codec}".encode()], TEXT.encode(codec)
    )
    source = as_it_came(message)
    assert mend(message) is None
    assert as_it_came(message) == source
    assert text_of(message) == TEXT


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?utf-8?Q?Raport=00skanera?=", "Raportskanera"),
        (b"Raport\0skanera", "Raportskanera"),
        (TEXT.encode(), TEXT),
        (TEXT.encode("windows-1250"), TEXT),
        (b"Serwer: " + TEXT.encode("iso-8859-2") + b" (2)", f"Serwer: {TEXT} (2)"),
        (b"miasto=" + "Łódź".encode("iso-8859-2"), "miasto=Łódź"),
        (b"=?x-cp1250?Q?Za=BF=F3=B3=E6?=", "Zażółć"),
        (b"=?x-cp1250?B?Wr/z!?= x", "Zżó x"),
        (b"Re: =?unknown-8bit?Q?Za=BF=F3=B3=E6?= x", "Re: Zażółć x"),
        (b"=?utf-8?B?xLM=?= =?utf-8?Q?=C5?= =?utf-8?Q?=82?=", None),
        (b"Zwyk\r\n =?utf-8?Q?=C5=82y?=", None),
    ],
)
def test_subjects(raw, subject):
    message = mail([], b"x", subject=raw)
    assert bool(mend(message)) == (subject is not None)
    if subject is not None:
        assert str(message["Subject"]) == subject


def test_names_of_people():
    name = "Żółć Jan".encode("windows-1250")
    message = parse(
        b"From: " + name + b' <jan@klient.example>\r\nTo: "x" <a@b.c>\r\n\r\n'
    )
    assert mend(message)
    (address,) = message["From"].addresses
    assert (address.display_name, address.addr_spec) == (
        "Żółć Jan",
        "jan@klient.example",
    )


def parts(*many):
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in many) + b"--b--\r\n"
    return mail([b"Content-Type: multipart/mixed; boundary=b"], body)


def test_files_keep_what_is_in_them():
    content = TEXT.encode("windows-1250")
    message = parts(
        b"Content-Type: text/csv; charset=x-cp1250\r\n"
        b"Content-Disposition: attachment; filename=a.csv\r\n\r\n" + content,
        b"Content-Type: text/plain; charset=utf-8\r\n"
        b"Content-Disposition: attachment; filename=b.txt\r\n\r\n\xff\xfe\x81\x00",
        b"Content-Type: text/plain\r\n"
        b"Content-Disposition: attachment; filename=" + content + b".txt\r\n\r\nx",
    )
    assert mend(message)
    first, second, third = message.iter_attachments()
    assert first.get_content().rstrip(b"\r\n") == content
    assert first.get_filename() == "a.csv"
    assert second.get_content().startswith(b"\xff\xfe\x81\x00")
    assert third.get_filename() == f"{TEXT}.txt"


def test_pictures_without_a_name_get_one():
    picture = b"Content-Type: image/png\r\nContent-ID: <1@x>\r\n\r\nx"
    message = parts(b"Content-Type: text/html\r\n\r\n<img src=cid:1@x>", picture)
    assert mend(message) is None
    *_others, image = message.walk()
    assert image.get_filename() == "image.png"


def test_text_that_no_database_takes():
    content = base64.b64encode(b"Za\0b\x08lokowane\tA\r\nB")
    message = mail(
        [b"Content-Type: text/html", b"Content-Transfer-Encoding: base64"], content
    )
    assert mend(message)
    assert text_of(message) == "Zablokowane\tA\nB"
    assert message.get_content_type() == "text/html"


def test_what_a_calendar_wants_stays():
    message = mail([b"Content-Type: text/calendar; method=REPLY"], TEXT.encode())
    assert mend(message)
    assert message.get_param("method") == "REPLY"
    assert text_of(message) == TEXT


@pytest.mark.parametrize("text", ["", "Dzień dobry", "Łódź, ulica Święta", "zwykły"])
@pytest.mark.parametrize("codec", ["utf-8", "windows-1250", "iso-8859-2"])
def test_guesses(text, codec):
    content = text.encode(codec)
    assert content.decode(guessed(content)) == text


def test_the_essence_of_what_is_beyond_repair():
    message = parse(
        b"From: jan@klient.example\r\nTo: pomoc@serwis.example\r\n"
        b"Subject: \xaf\xf3\xb3ty\0 alarm\r\nMessage-ID: <1@x>\r\n"
        b"References: <0@x>\r\nAuto-Submitted: auto-replied\r\nX-Other: y\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
        b"Pomo\xbfesz?\r\n--b--\r\n"
    )
    short = essence(message)
    assert (short["Subject"], short["Message-ID"], short["References"]) == (
        "Żółty alarm",
        "<1@x>",
        "<0@x>",
    )
    assert short["Auto-Submitted"] == "auto-replied"
    assert short["X-Other"] is None
    assert "Pomożesz?" in short.get_content()


@given(st.binary(max_size=300))
def test_nothing_stops_it(noise):
    message = parse(b"From: jan@klient.example\r\n" + noise)
    as_it_came(message)
    mend(message)
    essence(message)
