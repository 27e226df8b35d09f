from base64 import urlsafe_b64encode
from datetime import date
from hashlib import sha256

import pytest

from tools.ksef import qr_image, verification_link

SENT = "<Faktura>ł</Faktura>".encode()
HASH = urlsafe_b64encode(sha256(SENT).digest()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("nip", "test", "host"),
    [
        ("PL7740001454", False, "qr.ksef.mf.gov.pl"),
        ("774-000-14-54", False, "qr.ksef.mf.gov.pl"),
        ("7740001454", True, "qr-test.ksef.mf.gov.pl"),
    ],
)
def test_link(nip, test, host):
    link = verification_link(nip, date(2026, 11, 4), SENT, test=test)
    assert link == f"https://{host}/invoice/7740001454/04-11-2026/{HASH}"


def test_no_number_no_link():
    assert not verification_link("", date(2026, 11, 4), SENT)


def test_the_code_is_a_picture():
    assert qr_image("https://qr.ksef.mf.gov.pl/").startswith(b"\x89PNG")
    assert not qr_image("")
