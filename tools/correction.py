"""Corrections: what a credit note gives back, and what is billed again of it.

Amounts are net, in the invoice's currency; quantities are in the unit of the line.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

# Floats that differ by less are the same amount or quantity.
_DUST = 1e-6


class Line(NamedTuple):
    """A line of an invoice or of a credit note, as far as money goes."""

    quantity: float
    price: float
    amount: float
    discount: float = 0.0

    def priced_as(self, other: "Line") -> bool:
        """Whether a unit of both costs the same."""
        return (self.price, self.discount) == (other.price, other.discount)


class Left(NamedTuple):
    """What credit notes leave of a line; negative where they take more than it has."""

    quantity: float
    amount: float


class Rebilled(NamedTuple):
    """The quantity, price of a unit and discount in percent of a line billed again."""

    quantity: float
    price: float
    discount: float


class Corrected(StrEnum):
    """How far an invoice is corrected."""

    WAITING = "waiting"
    PART = "part"
    FULL = "full"
    AGAIN = "again"


def share(original: Line, *credits: Line) -> float:
    """The part of a line that is credited, from 0 to 1.

    By its amount, so that a lower price counts as well as a lower quantity. What costs
    nothing can only be given back by its quantity.
    """
    if original.amount:
        part = sum(credit.amount for credit in credits) / original.amount
    elif original.quantity:
        part = sum(credit.quantity for credit in credits) / original.quantity
    else:
        part = 1.0
    return min(1.0, max(0.0, part))


def given_back(original: Line, credit: Line) -> float:
    """The quantity that is credited of a line.

    A credit that lowers the price gives back the share that its amount is, whatever
    quantity it names.
    """
    if credit.priced_as(original) or not original.amount:
        return credit.quantity
    return original.quantity * share(original, credit)


def left(original: Line, credits: Iterable[Line]) -> Left:
    """What all these credits together leave of a line."""
    quantity, amount = original.quantity, original.amount
    for credit in credits:
        quantity -= given_back(original, credit)
        amount -= credit.amount
    return Left(quantity, amount)


def changed(before: Line, credit: Line) -> Line:
    """What a line is after a credit note: fewer of it, or the same at a lower price."""
    amount = before.amount - credit.amount
    if credit.priced_as(before):
        return before._replace(
            quantity=before.quantity - credit.quantity, amount=amount
        )
    price = amount / before.quantity if before.quantity else before.price
    return Line(before.quantity, price, amount)


def overdrawn(original: Line, credits: Iterable[Line]) -> bool:
    """Whether credits give back more than a line has: of its money, or of its hours."""
    credits = list(credits)
    rest = left(original, credits)
    of_one = [original.quantity - credit.quantity for credit in credits]
    parts = [(original.quantity, part) for part in (rest.quantity, *of_one)]
    return any(
        part < -_DUST if whole >= 0 else part > _DUST
        for whole, part in [*parts, (original.amount, rest.amount)]
    )


def billed_again(original: Line, credit: Line, *, sells_hours: bool) -> Rebilled:
    """The line that bills again what ``credit`` gave back of ``original``.

    The money is the same as on the credit note. A line that sells hours gives its
    quantity in hours, so where the credit lowered the price, it is the share of the
    hours at the price they were sold for; other lines keep the terms of the credit.
    """
    if sells_hours and not credit.priced_as(original):
        quantity = given_back(original, credit)
        return Rebilled(quantity, original.price, original.discount)
    return Rebilled(credit.quantity, credit.price, credit.discount)


def raises(original: Line, credit: Line) -> bool:
    """Whether a credit note takes more for a line instead of giving it back."""
    return credit.amount * original.amount < 0


def corrected(
    whole: float, credited: float, again: float, *, waiting: bool
) -> Corrected | None:
    """How far an invoice of ``whole`` is corrected, or None if nothing was credited.

    ``again`` is what newer invoices bill of the ``credited`` amount, and ``waiting``
    says that the next billing run will bill more of it.
    """
    if not credited:
        return None
    if waiting:
        return Corrected.WAITING
    if again and again >= credited:
        return Corrected.AGAIN
    return Corrected.PART if credited - again < whole else Corrected.FULL
