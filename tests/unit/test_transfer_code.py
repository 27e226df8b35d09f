"""The code by which a bank's app fills in a transfer."""

from decimal import Decimal

import pytest

from tools.transfer_code import transfer_code

ACCOUNT = "PL61 1090 1014 0000 0712 1981 2874"


def code(**vals):
    return transfer_code(
        **{
            "nip": "PL5252344078",
            "account": ACCOUNT,
            "amount": Decimal("123.45"),
            "name": "Serwis Sp. z o.o. w Warszawie",
            "title": "FV/2026/00001",
        }
        | vals
    )


def test_nine_fields():
    assert code() == (
        "5252344078|PL|61109010140000071219812874|012345|Serwis Sp. z o.o. w|"
        "FV/2026/00001|||"
    )


def test_an_account_without_its_country():
    assert code(account=ACCOUNT[2:]) == code()


@pytest.mark.parametrize(
    "vals",
    [
        {"account": "DE89370400440532013000"},
        {"account": "HU42117730161111101800000000"},
        {"account": "6110901014"},
        {"amount": Decimal(0)},
        {"amount": Decimal("10000.00")},
    ],
)
def test_what_the_code_cannot_say(vals):
    assert code(**vals) == ""


def test_texts_break_no_field():
    assert code(title="A|B\n" + "C" * 40).split("|")[5] == "A B " + "C" * 28


def test_the_largest_amount():
    assert "|999999|" in code(amount=Decimal("9999.99"))
