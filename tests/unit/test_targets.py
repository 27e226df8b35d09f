import pytest

from tools.sla import Metric
from tools.targets import Reported, Target, choose


def target(id_, **vals):
    return Target(id_, vals.pop("metric", Metric.REACTION), 60, 1, **vals)


USUAL = target(1)
URGENT = target(2, priority="3")
OUTSIDE = target(3, reported=Reported.OUTSIDE)
URGENT_OUTSIDE = target(4, priority="3", reported=Reported.OUTSIDE)
EXPRESS = target(5, express=True)
END = target(6, metric=Metric.RESOLUTION)
ALL = [USUAL, URGENT, OUTSIDE, URGENT_OUTSIDE, EXPRESS, END]


@pytest.mark.parametrize(
    ("targets", "priority", "in_service", "express", "expected"),
    [
        (ALL, "1", True, False, USUAL),
        (ALL, "1", False, False, OUTSIDE),
        (ALL, "3", True, False, URGENT),
        (ALL, "3", False, False, URGENT_OUTSIDE),
        # Priority is asked before the time of the report.
        ([USUAL, URGENT, OUTSIDE], "3", False, False, URGENT),
        # Express is agreed to, and paid for: it comes before everything.
        (ALL, "3", False, True, EXPRESS),
        # Where a tier promises nothing for express, the usual promise stands.
        ([USUAL], "1", True, True, USUAL),
        ([EXPRESS], "1", True, False, None),
        ([URGENT], "2", True, False, None),
        ([target(7, reported=Reported.WITHIN)], "1", False, False, None),
        ([END], "1", True, False, None),
        ([], "1", True, False, None),
    ],
)
def test_the_most_specific_target_counts(
    targets, priority, in_service, express, expected
):
    for order in (targets, targets[::-1]):
        chosen = choose(
            order, Metric.REACTION, priority, in_service=in_service, express=express
        )
        assert chosen == expected
