"""What FA(3) says of an invoice beyond what Odoo writes into it by itself."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from ..periods import Period

# Prefixes of VAT numbers in the EU, as the schema lists them (Greece is EL, Northern
# Ireland XI).
EU_PREFIXES = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK "
    "XI".split()
)
# Names Odoo gives its units, in English or Polish, and what stands on Polish invoices.
_UNITS = {
    "hours": "godz.",
    "godziny": "godz.",
    "hour": "godz.",
    "godzina": "godz.",
    "units": "szt.",
    "jednostki": "szt.",
    "unit": "szt.",
    "jednostka": "szt.",
    "sztuki": "szt.",
}
_CENT = Decimal("0.01")
# Tags of the Polish tax report, and what stands on paper instead of a rate.
_NO_RATE = {"K_12": "np", "K_11": "np", "OSS_Base": "np", "K_31": "oo", "K_10": "zw"}
_BY_BUYER = {"K_12", "K_31"}
EXEMPT = "zw"


class LineState(NamedTuple):
    """A line before or after a correction, in the invoice's currency."""

    quantity: Decimal
    price: Decimal
    net: Decimal


class LineFacts(NamedTuple):
    """A line; amounts in the invoice's currency, signed as the document has them."""

    number: int
    quantity: Decimal
    net: Decimal
    price: Decimal  # net per unit after discount, as far as it is known
    done_on: date | None = None
    rate: str = ""  # code of the rate where Odoo is known to give a wrong one
    gtu: str = ""
    annex_15: bool = False
    states: tuple[LineState, LineState] | None = None  # before and after a correction


class CorrectionFacts(NamedTuple):
    """What a correcting invoice says of itself and of the one it corrects."""

    kind: str  # TypKorekty: 1 date of the original, 2 of the correction, 3 another
    reason: str = ""
    ksef_number: str = ""  # of the original; empty: it was issued outside KSeF
    number: str = ""  # the seller's, of the original
    issued: date | None = None  # day of issue of the original


class InvoiceFacts(NamedTuple):
    """An invoice; ``total`` in its currency, signed as the document has it."""

    total: Decimal
    lines: tuple[LineFacts, ...] = ()
    period: Period | None = None  # settled period, VAT act art. 19a par. 3
    done_on: date | None = None  # completion of a single job
    contract_number: str = ""
    contract_date: date | None = None
    order_number: str = ""
    payment_form: str = ""  # 1 cash, 6 transfer; empty: not said
    account_currency: str = ""  # of the bank account to pay to
    split_payment: bool = False
    exemption: str = ""  # legal basis of what is exempt
    buyer_vat: tuple[str, str] | None = None  # (prefix, number) of an EU buyer
    rate: Decimal | None = None  # PLN for a unit of the currency; None: in PLN
    tax_in_pln: tuple[tuple[str, Decimal], ...] = ()  # ("P_14_1", amount), …
    correction: CorrectionFacts | None = None


def eu_vat(vat: str, country: str) -> tuple[str, str] | None:
    """Prefix and number of a VAT number of another EU country; else None.

    :param country: ISO code, for numbers written without a prefix
    """
    number = "".join(sign for sign in vat.upper() if sign.isalnum())
    prefix = "EL" if country.upper() == "GR" else country.upper()
    if number[:2].isalpha():
        prefix, number = number[:2], number[2:]
        prefix = "EL" if prefix == "GR" else prefix
    if not number or prefix not in EU_PREFIXES - {"PL"}:
        return None
    return prefix, number


def rate_label(tags: Iterable[str], percent: float) -> str:
    """A rate of VAT as paper says it: ``23%``, ``zw``, ``np`` or ``oo``.

    :param tags: codes of the Polish tax report on the line
    """
    found = [_NO_RATE[tag] for tag in _NO_RATE if tag in set(tags)]
    return found[0] if found else f"{percent:g}%"


def is_by_buyer(tags: Iterable[str]) -> bool:
    """Whether the buyer accounts for the tax: “odwrotne obciążenie”."""
    return bool(_BY_BUYER & set(tags))


def unit_name(name: str) -> str:
    """The Polish short name of a unit; others stay as they are."""
    return _UNITS.get(name.strip().lower(), name.strip())


def unit_price(quantity: Decimal, net: Decimal, known: Decimal) -> Decimal:
    """The net price for which quantity times price rounds to the line's net amount.

    The ``known`` one where it does; else the shortest that does. The schema takes
    eight decimals.
    """
    candidates = [known.quantize(Decimal("1e-8"))]
    if quantity:
        exact = net / quantity
        candidates += [round(exact, digits) for digits in range(2, 9)]
    for price in candidates:
        if (quantity * price).quantize(_CENT, ROUND_HALF_UP) == net.quantize(_CENT):
            return price
    return candidates[-1]


def amount_text(amount: Decimal) -> str:
    """An amount with two decimals; zero is never negative."""
    return format(amount.quantize(_CENT) + 0, "f")


def number_text(number: Decimal, digits: int, least: int = 0) -> str:
    """A number with up to ``digits`` decimals, at least ``least``, no negative zero."""
    number = (round(number, digits) + 0).normalize()
    if -number.as_tuple().exponent < least:
        number = number.quantize(Decimal(1).scaleb(-least))
    return format(number, "f")
