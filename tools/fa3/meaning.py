"""What a valid FA(3) document may still get wrong: KSeF checks no arithmetic.

The schema takes sums that are not those of the rows, an exemption without its basis,
and a correction of nothing. Each rule is a function that yields a ``Fault`` wherever a
document breaks it. Amounts compare exactly, tax within a grosz for each row, as it may
be rounded row by row (VAT act, art. 106e par. 10 and 11).

Sources: schema FA(3) 1-0E with its notes; VAT act, art. 106e, 106i, 106j; ksef-docs,
"weryfikacja faktury".
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from lxml import etree
from stdnum.pl import nip

from ..plain_text import refused
from . import tree
from .facts import EXEMPT, amount_text

MAX_BYTES = 1_000_000
MAX_NAME = 512

# An invoice may come so long before the supply, except for a settled period.
_EARLIEST = timedelta(days=60)
_CENT = Decimal("0.01")
# Where the net amounts of a rate are summed up, its tax, and the percentage.
_RATES = {
    "23": ("P_13_1", "P_14_1", 23),
    "22": ("P_13_1", "P_14_1", 22),
    "8": ("P_13_2", "P_14_2", 8),
    "7": ("P_13_2", "P_14_2", 7),
    "5": ("P_13_3", "P_14_3", 5),
    "4": ("P_13_4", "P_14_4", 4),
    "3": ("P_13_4", "P_14_4", 3),
    "0 KR": ("P_13_6_1", "", 0),
    "0 WDT": ("P_13_6_2", "", 0),
    "0 EX": ("P_13_6_3", "", 0),
    "zw": ("P_13_7", "", 0),
    "np I": ("P_13_8", "", 0),
    "np II": ("P_13_9", "", 0),
    "oo": ("P_13_10", "", 0),
}
_TAXES = {"P_14_1", "P_14_2", "P_14_3", "P_14_4"}
_CORRECTIONS = {"KOR", "KOR_ZAL", "KOR_ROZ"}
_ADVANCES = {"ZAL", "KOR_ZAL"}
_FINALS = {"ROZ", "KOR_ROZ"}
_SIMPLIFIED = "UPR"
_MUNICIPAL_UNIT, _GROUP_MEMBER = "8", "10"


class Fault(NamedTuple):
    """A broken rule: where, what stands there, and what should."""

    rule: str
    where: str
    found: str = ""
    expected: str = ""


class Document(NamedTuple):
    """What the rules look at; ``original`` is the invoice that is corrected."""

    root: etree._Element
    body: etree._Element
    kind: str
    rows: list[etree._Element]
    original: "Document | None" = None


def read(xml: str | bytes, original: Document | None = None) -> Document:
    """The document of an FA(3) text.

    :raises lxml.etree.XMLSyntaxError: where the text is not well-formed
    """
    root = tree.parse(xml)
    body = tree.child(root, "Fa")
    kind, rows = tree.text(body, "RodzajFaktury"), tree.children(body, "FaWiersz")
    return Document(root, body, kind, rows, original)


def faults(document: Document) -> list[Fault]:
    """All that is wrong with a document that the schema takes."""
    return [fault for rule in RULES for fault in rule(document)]


def rows_are_there(document: Document) -> Iterator[Fault]:
    collective = tree.child(document.body, "OkresFaKorygowanej") is not None
    if not (document.rows or collective or document.kind in _ADVANCES):
        yield Fault("no_rows", "FaWiersz")


def rows_multiply(document: Document) -> Iterator[Fault]:
    for row in document.rows:
        if not (tree.text(row, "P_9A") and tree.text(row, "P_11")):
            continue
        due = _amount(row, "P_8B") * _amount(row, "P_9A") - _amount(row, "P_10")
        if _cents(due) != _amount(row, "P_11"):
            where = f"{tree.text(row, 'NrWierszaFa')}, P_11"
            yield _unequal("row", where, _amount(row, "P_11"), due)


def rows_add_up(document: Document) -> Iterator[Fault]:
    if document.kind in _ADVANCES | _FINALS | {_SIMPLIFIED}:
        return  # Their sums are of what was paid before, or still is to pay.
    if any(
        tree.text(row, "P_11A") and not tree.text(row, "P_11") for row in document.rows
    ):
        return  # Priced with the tax (art. 106e par. 7): rows have no net amounts.
    sums = dict.fromkeys(
        (field for field, _tax, _percent in _RATES.values()), Decimal(0)
    )
    if not document.rows:
        return  # A collective correction tells sums alone (art. 106j par. 3).
    for row in document.rows:
        rate = tree.text(row, "P_12")
        if rate in _RATES and tree.text(row, "P_11"):
            sums[_RATES[rate][0]] += _signed(row)
    # Sales in the OSS procedure carry the rate "np I" too, and have a sum of their own.
    sums["P_13_8"] -= _amount(document.body, "P_13_5")
    for field, due in sums.items():
        if due != _amount(document.body, field):
            yield _unequal("net", field, _amount(document.body, field), due)


def tax_fits(document: Document) -> Iterator[Fault]:
    slack = _CENT * max(1, len(document.rows))
    used = {tree.text(row, "P_12") for row in document.rows}
    for net, tax in {(net, tax) for net, tax, _percent in _RATES.values() if tax}:
        percents = {
            _RATES[rate][2] for rate in used if _RATES.get(rate, "")[:1] == (net,)
        }
        if len(percents) != 1:
            continue  # two rates share a field only while a rate changes
        due = _amount(document.body, net) * percents.pop() / 100
        if abs(_amount(document.body, tax) - due) > slack:
            yield _unequal("tax", tax, _amount(document.body, tax), due)


def total_adds_up(document: Document) -> Iterator[Fault]:
    if document.kind in _FINALS | {_SIMPLIFIED}:
        return  # A simplified invoice tells no sums by rate (art. 106e par. 5 item 3).
    due = sum(
        Decimal(element.text)
        for element in document.body.iterchildren(etree.Element)
        if _is_part(etree.QName(element).localname)
    )
    if due != _amount(document.body, "P_15"):
        yield _unequal("total", "P_15", _amount(document.body, "P_15"), due)


def currency_fits(document: Document) -> Iterator[Fault]:
    """Tax is told in PLN as well, at the rate that stands on the rows."""
    foreign = tree.text(document.body, "KodWaluty") != "PLN"
    taxes = [tax for tax in sorted(_TAXES) if tree.text(document.body, tax)]
    rates = {
        tree.text(row, "KursWaluty") or tree.text(document.body, "KursWalutyZ")
        for row in document.rows
    } - {""}
    if not foreign:
        if rates - {"1", "1.0"}:
            yield Fault("rate_of_pln", "KursWaluty", ", ".join(sorted(rates)))
        return
    if taxes and not rates:
        yield Fault("no_rate", "KursWaluty")
    for tax in taxes:
        if not tree.text(document.body, f"{tax}W"):
            yield Fault("no_tax_in_pln", f"{tax}W")
        elif len(rates) == 1:
            due = _amount(document.body, tax) * Decimal(*rates)
            found = _amount(document.body, f"{tax}W")
            if abs(found - due) > Decimal("0.05") * max(1, len(document.rows)):
                yield _unequal("tax_in_pln", f"{tax}W", found, due)


def days_fit(document: Document) -> Iterator[Fault]:
    body = document.body
    issued = date.fromisoformat(tree.text(body, "P_1"))
    period = tree.child(body, "OkresFa")
    if period is not None:
        first, last = tree.text(period, "P_6_Od"), tree.text(period, "P_6_Do")
        if first > last:
            yield Fault("period", "OkresFa", f"{first} – {last}")
        return
    for parent in (body, *document.rows):
        for name in ("P_6", "P_6A"):
            day = tree.text(parent, name)
            if day and date.fromisoformat(day) > issued + _EARLIEST:
                yield Fault("too_early", name, day)


def correction_names_original(document: Document) -> Iterator[Fault]:
    body = document.body
    originals = tree.children(body, "DaneFaKorygowanej")
    if document.kind not in _CORRECTIONS:
        if originals:
            yield Fault("corrects", "DaneFaKorygowanej", document.kind)
        return
    if not tree.text(body, "PrzyczynaKorekty"):
        yield Fault("no_reason", "PrzyczynaKorekty")
    seller = tree.text(
        tree.child(document.root, "Podmiot1"), "DaneIdentyfikacyjne/{*}NIP"
    )
    for original in originals:
        number = tree.text(original, "NrFaKorygowanej")
        if not number or number.upper() == "BRAK":
            yield Fault("no_original", "NrFaKorygowanej", number)
        if tree.text(original, "DataWystFaKorygowanej") > tree.text(body, "P_1"):
            day = tree.text(original, "DataWystFaKorygowanej")
            yield Fault("original_later", "DataWystFaKorygowanej", day)
        of_ksef = tree.text(original, "NrKSeFFaKorygowanej")
        if of_ksef and not of_ksef.startswith(f"{seller}-"):
            yield Fault("not_ours", "NrKSeFFaKorygowanej", of_ksef, seller)


def correction_fits_original(document: Document) -> Iterator[Fault]:
    """Against the invoice itself: buyer, currency, and no more than was sold."""
    original = document.original
    if original is None or document.kind not in _CORRECTIONS:
        return
    for where, path in (
        ("NIP", "Podmiot2/{*}DaneIdentyfikacyjne/{*}NIP"),
        ("KodWaluty", "Fa/{*}KodWaluty"),
    ):
        found, due = tree.text(document.root, path), tree.text(original.root, path)
        if found != due:
            yield Fault("other_than_original", where, found, due)
    for field in sorted({field for field, _tax, _percent in _RATES.values()}):
        left = _amount(original.body, field) + _amount(document.body, field)
        if left < 0 <= _amount(original.body, field):
            due = -_amount(original.body, field)
            yield _unequal("too_much", field, _amount(document.body, field), due)


def tax_numbers_are_valid(document: Document) -> Iterator[Fault]:
    """Check digits: production refuses a wrong one, the test environment does not."""
    for name in ("Podmiot1", "Podmiot2", "Podmiot3"):
        for party in tree.children(document.root, name):
            number = tree.text(party, "DaneIdentyfikacyjne/{*}NIP")
            if number and not nip.is_valid(number):
                yield Fault("nip", name, number)


def municipal_unit_is_named(document: Document) -> Iterator[Fault]:
    """A municipality buys for a unit: both flag and unit, or neither."""
    buyer = tree.child(document.root, "Podmiot2")
    roles = {
        tree.text(party, "Rola") for party in tree.children(document.root, "Podmiot3")
    }
    for flag, role in (("JST", _MUNICIPAL_UNIT), ("GV", _GROUP_MEMBER)):
        if (tree.text(buyer, flag) == "1") != (role in roles):
            yield Fault("third_party", flag, tree.text(buyer, flag), role)


def notes_fit(document: Document) -> Iterator[Fault]:
    notes = tree.child(document.body, "Adnotacje")
    used = {tree.text(row, "P_12") for row in document.rows}
    exemption = tree.child(notes, "Zwolnienie")
    basis = any(tree.text(exemption, name) for name in ("P_19A", "P_19B", "P_19C"))
    if EXEMPT in used and not (tree.text(exemption, "P_19") == "1" and basis):
        yield Fault("no_basis", "P_19A")
    if used and EXEMPT not in used and tree.text(exemption, "P_19") == "1":
        yield Fault("exemption_of_nothing", "P_19")
    if used & {"np II", "oo"} and tree.text(notes, "P_18") != "1":
        yield Fault("reverse_charge", "P_18", tree.text(notes, "P_18"), "1")
    annex_15 = any(tree.text(row, "P_12_Zal_15") == "1" for row in document.rows)
    if annex_15 and tree.text(notes, "P_18A") != "1":
        yield Fault("split_payment", "P_18A", tree.text(notes, "P_18A"), "1")


def texts_pass(document: Document) -> Iterator[Fault]:
    for element in document.root.iter(etree.Element):
        name = etree.QName(element).localname
        if signs := refused(element.text or ""):
            yield Fault("characters", name, ", ".join(signs))
        length = len(" ".join((element.text or "").split()))
        if name in ("P_7", "Nazwa") and length > MAX_NAME:
            yield Fault("long", name, str(length), str(MAX_NAME))
    size = len(etree.tostring(document.root, encoding="utf-8"))
    if size > MAX_BYTES:
        yield Fault("size", "Faktura", str(size), str(MAX_BYTES))


RULES: tuple[Callable[[Document], Iterator[Fault]], ...] = (
    rows_are_there,
    rows_multiply,
    rows_add_up,
    tax_fits,
    total_adds_up,
    currency_fits,
    days_fit,
    correction_names_original,
    correction_fits_original,
    tax_numbers_are_valid,
    municipal_unit_is_named,
    notes_fit,
    texts_pass,
)


def _is_part(name: str) -> bool:
    """Whether a field is a net or a tax amount of the whole invoice."""
    return name.startswith(("P_13_", "P_14_")) and not name.endswith("W")


def _signed(row: etree._Element) -> Decimal:
    """A row's net amount; what stood before a correction counts the other way."""
    net = _amount(row, "P_11")
    return -net if tree.text(row, "StanPrzed") == "1" else net


def _amount(parent: etree._Element, name: str) -> Decimal:
    return Decimal(tree.text(parent, name) or 0)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _unequal(rule: str, where: str, found: Decimal, due: Decimal) -> Fault:
    return Fault(rule, where, amount_text(found), amount_text(_cents(due)))
