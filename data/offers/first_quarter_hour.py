"""Short help: a flat fee for the first quarter of an hour, then quarters."""

from ...tools.offers import ReadyOffer, Service, Work, _lt

OFFER = ReadyOffer(
    key="first_quarter_hour",
    name=_lt("First quarter of an hour flat"),
    says=(
        _lt("A flat fee for the first 15 minutes, then every started 15 minutes"),
        _lt("Each session on its own, no monthly fee"),
    ),
    services=(
        Service("first", _lt("Help up to 15 minutes"), 60, "unit"),
        Service("hour", _lt("Help beyond 15 minutes, hour"), 160),
        Service("trip", _lt("Short help, travel"), 80, "unit"),
    ),
    works=(
        Work(
            ("remote", "diagnosis"),
            "hour",
            first=15,
            step=15,
            scope="block",
            flat="first",
        ),
        Work(("on_site", "maintenance"), "hour"),
        Work(("travel",), "hour", step=0, flat="trip", uses_packages=False),
    ),
)
