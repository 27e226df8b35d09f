"""Whether a ready-made offer fits together, word by word."""

import pytest

from tools.offers import (
    Fee,
    Hours,
    Package,
    Promise,
    ReadyOffer,
    Service,
    Topic,
    Work,
    problems,
)

HOUR = Service("hour", "Hour", 120)
FEE = Service("fee", "Fee", 290, "unit")
GOOD = ReadyOffer(
    key="vip",
    name="VIP",
    says=("Two hours",),
    services=(HOUR, FEE),
    works=(Work(("remote", "travel"), "hour", flat="fee"),),
    promises=(Promise("reaction", 4, "hours", "office", reported="outside"),),
    topics=(Topic("desktop", "covered"),),
    channels=("email",),
    service_hours="office",
    after_hours=50,
    fees=(Fee("fee"),),
    hours=Hours(120),
    packages=(Package(600, 6, "hour"),),
)


def test_a_good_offer_has_no_problem():
    assert list(problems(GOOD)) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"services": (HOUR, FEE, FEE)}, "a service is there twice"),
        ({"works": (Work(("remote",), "fee"),)}, "fee is not a service by the hour"),
        ({"packages": (Package(60, 1, "x"),)}, "x is not a service by the hour"),
        ({"fees": (Fee("hour"),)}, "hour is not a service by the unit"),
        (
            {"works": (Work(("remote",), "hour", flat="hour"),)},
            "hour is not a service by the unit",
        ),
        ({"works": (Work(("sleep",), "hour"),)}, "sleep is not known"),
        (
            {"works": (Work(("remote", "remote"), "hour"),)},
            "a kind of work has two rates",
        ),
        (
            {"promises": (Promise("reaction", 4, "hours", "lunch"),)},
            "lunch is not known",
        ),
        ({"channels": ("pigeon",)}, "pigeon is not known"),
        ({"offered_instead": "nothing"}, "nothing is not known"),
        ({"service_hours": None}, "it has no service hours to go by"),
        ({"kind": "ad_hoc"}, "it has fees or hours, and no contract"),
    ],
)
def test_what_does_not_fit_is_said(change, problem):
    assert list(problems(GOOD._replace(**change))) == [problem]
