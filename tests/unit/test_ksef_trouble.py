"""What went wrong with KSeF, told from the error that a request ended in."""

import pytest
import requests

from tools.ksef_trouble import Kind, Trouble, trouble_of


def raised(cause):
    """An error as `l10n_pl_edi` raises it, twice over, because of another."""
    error = ValueError("KSeF API Error")
    error.__context__ = ValueError("Failed")
    error.__context__.__context__ = cause
    return error


def answered(status, body=b""):
    response = requests.Response()
    response.status_code = status
    response._content = body
    return requests.exceptions.HTTPError("", response=response)


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (requests.exceptions.ConnectionError("HTTPSConnectionPool(…)"), Kind.AWAY),
        (requests.exceptions.ConnectTimeout("timed out"), Kind.AWAY),
        (requests.exceptions.ReadTimeout("timed out"), Kind.SLOW),
        (answered(503), Kind.AWAY),
        (answered(429), Kind.BUSY),
        (answered(401), Kind.REFUSED),
        (answered(403), Kind.REFUSED),
        (answered(404), Kind.UNKNOWN),
        (answered(400, b"<html>"), Kind.OTHER),
    ],
)
def test_kind(cause, kind):
    assert trouble_of(raised(cause)) == Trouble(kind)


def test_the_words_of_ksef_are_kept():
    body = (
        b'{"exception": {"exceptionDetailList": [{"exceptionCode": 21405,'
        b' "exceptionDescription": "Bad field.", "details": ["P_1"]}]}}'
    )
    found = trouble_of(raised(answered(400, body)))
    assert found == Trouble(Kind.OTHER, "Bad field. P_1")


def test_an_error_without_a_request_speaks_for_itself():
    assert trouble_of(ValueError("No key.")) == Trouble(Kind.OTHER, "No key.")
