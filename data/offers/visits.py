"""Visits, with travel at a flat fee in town and by the kilometre beyond."""

from ...tools.offers import ReadyOffer, Service, Work, _lt

OFFER = ReadyOffer(
    key="visits",
    name=_lt("Visits with travel"),
    says=(
        _lt("Visits by the started hour, at any place of the customer"),
        _lt("Travel in town at a flat fee, charged with the work"),
        _lt("Kilometres beyond it are a line of a quote"),
    ),
    services=(
        Service("hour", _lt("Visit, hour of work"), 160),
        Service("trip", _lt("Travel in town"), 80, "unit"),
        Service("kilometre", _lt("Travel, kilometre"), 1.5, "unit"),
    ),
    works=(
        Work(("remote", "diagnosis"), "hour", first=30, step=30),
        Work(("on_site", "maintenance"), "hour", scope="block"),
        Work(("travel",), "hour", step=0, flat="trip", uses_packages=False),
    ),
)
