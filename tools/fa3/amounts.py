"""Lines and sums of FA(3) documents: quantities, prices, rates of tax and exchange."""

from collections.abc import Iterable
from copy import deepcopy
from decimal import Decimal

from lxml import etree

from . import tree
from .facts import (
    InvoiceFacts,
    LineFacts,
    LineState,
    amount_text,
    number_text,
    unit_name,
    unit_price,
)

# Rates whose tax the buyer accounts for, and where their net amounts are summed up.
BY_BUYER = {"np II": "P_13_9", "oo": "P_13_10"}
_ADVANCE = {"ZAL", "KOR_ZAL"}


def set_lines(body: etree._Element, facts: InvoiceFacts) -> None:
    """Complete the rows whose facts are known."""
    advance = tree.text(body, "RodzajFaktury") in _ADVANCE
    for row, line in _matched(tree.children(body, "FaWiersz"), facts.lines):
        if line.done_on:
            tree.put(row, "P_6A", line.done_on.isoformat())
        if unit := tree.text(row, "P_8A"):
            tree.put(row, "P_8A", unit_name(unit))
        price = unit_price(line.quantity, line.net, line.price)
        tree.put(row, "P_8B", number_text(line.quantity, 6))
        tree.put(row, "P_9A", number_text(price, 8, least=2))
        # The price is the one after discount: P_10 would take it off once more.
        tree.drop(row, "P_10")
        if line.rate:
            tree.put(row, "P_12", line.rate)
        if line.annex_15 and facts.split_payment:
            tree.put(row, "P_12_Zal_15", "1")
        if line.gtu:
            tree.put(row, "GTU", line.gtu)
        if facts.rate and not advance:
            tree.put(row, "KursWaluty", number_text(facts.rate, 6))
        if line.states:
            _set_states(row, *line.states)


def _set_states(row: etree._Element, before: LineState, after: LineState) -> None:
    """Two rows of one number in place of the difference: the first is “StanPrzed”."""
    earlier = deepcopy(row)
    row.addprevious(earlier)
    for element, state in ((earlier, before), (row, after)):
        price = unit_price(state.quantity, state.net, state.price)
        tree.put(element, "P_8B", number_text(state.quantity, 6))
        tree.put(element, "P_9A", number_text(price, 8, least=2))
        tree.put(element, "P_11", amount_text(state.net))
    tree.put(earlier, "StanPrzed", "1")


def _matched(
    rows: list[etree._Element], lines: Iterable[LineFacts]
) -> list[tuple[etree._Element, LineFacts]]:
    """Rows and the facts of their lines, by number or else by order, never a guess."""
    by_number = {str(line.number): line for line in lines}
    numbers = [tree.text(row, "NrWierszaFa") for row in rows]
    if set(numbers) != set(by_number):
        by_number = dict(zip(numbers, by_number.values(), strict=False))
    return [
        (row, line)
        for row, number in zip(rows, numbers, strict=True)
        if (line := by_number.get(number))
        and amount_text(line.net) == amount_text(_decimal(row, "P_11"))
    ]


def set_totals(body: etree._Element, facts: InvoiceFacts) -> None:
    """Set the sums by rate, the total, and the rate of exchange they rest on."""
    sums: dict[str, Decimal] = {}
    for row in tree.children(body, "FaWiersz"):
        rate = tree.text(row, "P_12")
        sign = -1 if tree.text(row, "StanPrzed") == "1" else 1
        sums[rate] = sums.get(rate, Decimal(0)) + sign * _decimal(row, "P_11")
    # Sales in the OSS procedure carry the rate "np I" as well, and have their own sum.
    abroad = sums.get("np I", Decimal(0)) - _decimal(body, "P_13_5")
    by_buyer = [(field, sums.get(rate)) for rate, field in BY_BUYER.items()]
    for field, amount in [("P_13_8", abroad), *by_buyer]:
        if amount:
            tree.put(body, field, amount_text(amount))
        elif sums:
            # Newer versions of Odoo sum services up once more, as goods under P_13_10.
            tree.drop(body, field)
    tree.put(body, "P_15", amount_text(facts.total))
    # Of the whole invoice it is the rate of an advance only; lines carry theirs.
    tree.drop(body, "KursWalutyZ")
    if not facts.rate:
        return
    if tree.text(body, "RodzajFaktury") in _ADVANCE:
        tree.put(body, "KursWalutyZ", number_text(facts.rate, 6))
    for field, amount in facts.tax_in_pln:
        if tree.child(body, field) is not None:
            tree.put(body, f"{field}W", amount_text(amount))


def clean_numbers(body: etree._Element) -> None:
    """Zero has no sign."""
    for element in body.iter():
        value = element.text or ""
        if value.startswith("-0") and not value.strip("-0."):
            element.text = value[1:]


def rates(body: etree._Element) -> set[str]:
    """Codes of the rates of tax that occur in the rows."""
    return {tree.text(row, "P_12") for row in tree.children(body, "FaWiersz")}


def _decimal(parent: etree._Element, name: str) -> Decimal:
    return Decimal(tree.text(parent, name) or 0)
