"""Supervision of a program: a yearly fee for each workstation, eight hours a month."""

from ...tools.offers import (
    YEARLY,
    Fee,
    Hours,
    Promise,
    ReadyOffer,
    Service,
    Topic,
    Work,
    _lt,
)

OFFER = ReadyOffer(
    key="supervision",
    name=_lt("Supervision of a program"),
    says=(
        _lt("A yearly fee for each workstation, paid ahead"),
        _lt("8 hours a month included, none carried over"),
        _lt("Remote desktop, analysis of the database, reinstallation, devices"),
        _lt("Served first: tickets have high priority"),
    ),
    services=(
        Service(
            "fee", _lt("Supervision of a program, workstation for a year"), 400, "unit"
        ),
        Service("hour", _lt("Supervision, hour beyond those included"), 120),
        Service("trip", _lt("Supervision, travel"), 80, "unit"),
    ),
    works=(
        Work(("remote", "on_site", "diagnosis", "maintenance"), "hour"),
        Work(("travel",), "hour", step=0, flat="trip", uses_packages=False),
    ),
    promises=(Promise("reaction", 4, "hours", "office"),),
    topics=(
        Topic("messages", "covered"),
        Topic("desktop", "covered"),
        Topic("database", "covered"),
        Topic("reinstallation", "covered"),
        Topic("devices", "covered"),
    ),
    channels=("email", "phone"),
    service_hours="office",
    priority="2",
    fees=(Fee("fee"),),
    invoiced=YEARLY,
    hours=Hours(8 * 60),
)
