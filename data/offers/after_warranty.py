"""After warranty: work by the started hour, express at twice the price."""

from ...tools.offers import Promise, ReadyOffer, Service, Work, _lt

OFFER = ReadyOffer(
    key="after_warranty",
    name=_lt("After warranty"),
    says=(
        _lt("Work by the started hour, no monthly fee"),
        _lt("Answer within 24 hours, done within 14 days, days off not counted"),
        _lt("Express: twice the price"),
        _lt("Reports by phone and e-mail"),
    ),
    services=(
        Service("hour", _lt("Service after warranty, hour"), 120),
        Service("trip", _lt("Service after warranty, travel"), 80, "unit"),
    ),
    works=(
        Work(("remote", "on_site", "diagnosis", "maintenance"), "hour"),
        Work(("travel",), "hour", step=0, flat="trip", uses_packages=False),
    ),
    promises=(
        Promise("reaction", 24, "hours", "working_days"),
        Promise("resolution", 14, "days", "working_days"),
    ),
    channels=("email", "phone"),
    express=100,
)
