"""The code on an invoice by which a Polish bank's app fills in the transfer.

Source: recommendation of the Polish Bank Association (ZBP) on the 2D code for domestic
transfers: nine fields with “|” between them.
"""

from decimal import Decimal

NAME, TITLE = 20, 32  # characters
_MOST = Decimal("9999.99")


def transfer_code(
    nip: str, account: str, amount: Decimal, name: str, title: str
) -> str:
    """The text of the code; empty where it has no room for the amount.

    :param nip: of who is paid, with or without its country
    :param account: IBAN, with or without “PL”
    :param amount: in PLN

    >>> transfer_code("", "PL61 1090 1014 0000 0712 1981 2874", Decimal(5), "A", "B")
    '|PL|61109010140000071219812874|000500|A|B|||'
    """
    number = "".join(filter(str.isdigit, account))
    country = account.strip()[:2].upper()
    if len(number) != 26 or (country.isalpha() and country != "PL"):  # noqa: PLR2004
        return ""
    if not 0 < amount <= _MOST:
        return ""
    digits = "".join(filter(str.isdigit, nip))
    cents = f"{int(amount * 100):06d}"
    fields = [digits, "PL", number, cents, _text(name, NAME), _text(title, TITLE)]
    return "|".join([*fields, "", "", ""])


def _text(text: str, longest: int) -> str:
    return " ".join(text.replace("|", " ").split())[:longest].strip()
