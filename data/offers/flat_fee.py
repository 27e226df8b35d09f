"""Flat fee: ten hours a month in office hours, failures at any time."""

from ...tools.offers import Fee, Hours, Promise, ReadyOffer, Service, Work, _lt

OFFER = ReadyOffer(
    key="flat_fee",
    name=_lt("Flat fee"),
    says=(
        _lt("10 hours a month included, every started hour beyond them"),
        _lt("Service Monday to Friday 8:00–16:00, answer within 4 hours"),
        _lt("Failures of very high priority at any time, answer within 4 hours"),
    ),
    services=(
        Service("fee", _lt("Flat fee for IT support, month"), 900, "unit"),
        Service("hour", _lt("IT support, hour beyond the flat fee"), 90),
        Service("trip", _lt("IT support, travel"), 80, "unit"),
    ),
    works=(
        Work(("remote", "on_site", "diagnosis", "maintenance"), "hour"),
        Work(("travel",), "hour", step=0, flat="trip", uses_packages=False),
    ),
    promises=(
        Promise("reaction", 4, "hours", "office"),
        Promise("reaction", 4, "hours", "always", priority="3", reported="outside"),
    ),
    service_hours="office",
    fees=(Fee("fee"),),
    hours=Hours(600),
)
