"""Targets: which of a tier's promises applies to a ticket."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from .sla import Metric


class Reported(StrEnum):
    """When the report came, by the tier's service hours."""

    ANY = "any"
    WITHIN = "within"
    OUTSIDE = "outside"


class Target(NamedTuple):
    """A promise of ``minutes`` working minutes, and the tickets it is made for.

    ``priority`` None means every priority. ``express`` is for express tickets alone;
    others are for both.
    """

    id: int
    metric: Metric
    minutes: int
    calendar_id: int
    priority: str | None = None
    reported: Reported = Reported.ANY
    express: bool = False

    def applies(self, priority: str, *, in_service: bool, express: bool) -> bool:
        came = Reported.WITHIN if in_service else Reported.OUTSIDE
        return (
            self.priority in (None, priority)
            and self.reported in (Reported.ANY, came)
            and express >= self.express
        )

    def _specific(self) -> tuple[bool, ...]:
        return self.express, self.priority is not None, self.reported != Reported.ANY


def choose(
    targets: Iterable[Target],
    metric: Metric,
    priority: str,
    *,
    in_service: bool,
    express: bool,
) -> Target | None:
    """The most specific promise: by express, then priority, then time of the report."""
    applying = [
        target
        for target in targets
        if target.metric == metric
        and target.applies(priority, in_service=in_service, express=express)
    ]
    return max(applying, key=Target._specific, default=None)
