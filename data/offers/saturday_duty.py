"""On duty on Saturdays: answers also then, work out of hours at a surcharge."""

from ...tools.offers import Fee, Promise, ReadyOffer, Service, Work, _lt

OFFER = ReadyOffer(
    key="saturday_duty",
    name=_lt("On duty on Saturdays"),
    says=(
        _lt("Answer within 4 hours, Monday to Friday 8:00–16:00"),
        _lt("Saturdays 9:00–13:00 as well"),
        _lt("Work outside Monday to Friday 8:00–16:00: half as much again"),
    ),
    services=(
        Service("fee", _lt("Duty on Saturdays, month"), 300, "unit"),
        Service("hour", _lt("Service with Saturdays, hour"), 120),
        Service("trip", _lt("Service with Saturdays, travel"), 80, "unit"),
    ),
    works=(
        Work(("remote", "on_site", "diagnosis", "maintenance"), "hour"),
        Work(("travel",), "hour", step=0, flat="trip", uses_packages=False),
    ),
    promises=(Promise("reaction", 4, "hours", "office_saturday"),),
    service_hours="office",
    after_hours=50,
    fees=(Fee("fee"),),
)
