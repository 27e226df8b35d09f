"""Closing: what the end of a package does to the hours that are left in it."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from .allocation import Slice, minutes_by
from .package import Package


class Closing(NamedTuple):
    """What the end of a period does to a package beside the work it pays for.

    ``released`` minutes of what had expired are needed after all; ``expired`` minutes
    are lost, of which ``carried`` go over to a successor.
    """

    package_id: int
    released: int
    expired: int
    carried: int


def closings(
    packages: Iterable[Package], slices: Iterable[Slice], last_day: date
) -> list[Closing]:
    """What is lost, carried over or given back when the work until a day is posted.

    Minutes are carried over once, when the package ends; what a late entry leaves of
    them later is lost.
    """
    burned = minutes_by("bucket_id", slices, of="burned")
    closed = []
    for package in packages:
        over = package.last_day <= last_day
        unused = package.granted - package.used - burned[package.id]
        lost = unused if over else min(unused, package.expired)
        change = lost - package.expired
        if change:
            fresh = package.rollover if not package.expired else 0
            closed.append(
                Closing(
                    package.id,
                    released=max(0, -change),
                    expired=max(0, change),
                    carried=min(fresh, max(0, change)),
                )
            )
    return closed


def steps(packages: Iterable[Package], last_day: date) -> list[date]:
    """Days up to which open work is served, one after the other.

    What a package carries over must be known before later work is served from it.
    """
    ends = {
        package.last_day
        for package in packages
        if package.rollover and package.remaining and package.last_day < last_day
    }
    return [*sorted(ends), last_day]
