from datetime import timedelta

import pytest

from tools.sending import pause_after, rejection, same_invoice

FA = (
    '<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/">'
    "<Naglowek><DataWytworzeniaFa>{made}</DataWytworzeniaFa></Naglowek>"
    "{space}<Fa><P_2>{number}</P_2><P_15>{total}</P_15></Fa></Faktura>"
)


def fa(made="2026-11-04T09:00:00Z", number="FV/1", total="123.00", space=""):
    return FA.format(made=made, number=number, total=total, space=space).encode()


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 15), (2, 60), (3, 240), (4, 1440), (50, 1440)]
)
def test_pauses_grow_to_a_day(attempts, minutes):
    assert pause_after(attempts) == timedelta(minutes=minutes)


def test_no_pause_without_failure():
    with pytest.raises(ValueError, match="Nothing has failed"):
        pause_after(0)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"made": "2026-11-04T10:00:00Z"}, True),
        ({"space": "\n  "}, True),
        ({"number": "FV/2"}, False),
        ({"total": "123.01"}, False),
    ],
)
def test_the_same_invoice_made_at_another_moment(other, same):
    assert same_invoice(fa(), fa(**other)) is same


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ({"code": 450, "description": "Błąd", "details": ["P_15"]}, "450: Błąd P_15"),
        ({"code": 440, "description": "Duplikat", "details": [None]}, "440: Duplikat"),
        ({"code": 500}, "500"),
    ],
)
def test_what_ksef_says(status, text):
    assert rejection(status) == text
