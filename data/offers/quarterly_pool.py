"""A pool of hours for the quarter, with a monthly fee."""

from ...tools.offers import Fee, Hours, Promise, ReadyOffer, Service, Work, _lt

OFFER = ReadyOffer(
    key="quarterly_pool",
    name=_lt("Quarterly pool"),
    says=(
        _lt("30 hours for each quarter, paid every month"),
        _lt("Hours beyond the pool are charged by the started hour"),
        _lt("Answer within 8 hours, Monday to Friday 8:00–16:00"),
    ),
    services=(
        Service("fee", _lt("Quarterly pool, month"), 1000, "unit"),
        Service("hour", _lt("Hour beyond the quarterly pool"), 110),
        Service("trip", _lt("Quarterly pool, travel"), 80, "unit"),
    ),
    works=(
        Work(("remote", "on_site", "diagnosis", "maintenance"), "hour"),
        Work(("travel",), "hour", step=0, flat="trip", uses_packages=False),
    ),
    promises=(Promise("reaction", 8, "hours", "office"),),
    service_hours="office",
    fees=(Fee("fee"),),
    hours=Hours(30 * 60, months=3),
)
