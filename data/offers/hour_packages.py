"""Packages of hours, valid for 1 to 12 months."""

from ...tools.offers import Package, ReadyOffer, Service, Work, _lt

OFFER = ReadyOffer(
    key="hour_packages",
    name=_lt("Packages of hours"),
    says=(
        _lt("10, 20 or 50 hours, paid ahead and valid for 1 to 12 months"),
        _lt("The earliest to end is used first, what is left is lost"),
        _lt("Hours beyond the package by the started hour"),
    ),
    services=(
        Service("hour", _lt("Hour beyond a package"), 120),
        Service("hour_10", _lt("Hour of a package of 10"), 110),
        Service("hour_20", _lt("Hour of a package of 20"), 100),
        Service("hour_50", _lt("Hour of a package of 50"), 90),
        Service("trip", _lt("Packages of hours, travel"), 80, "unit"),
    ),
    works=(
        Work(("remote", "on_site", "diagnosis", "maintenance"), "hour"),
        Work(("travel",), "hour", step=0, flat="trip", uses_packages=False),
    ),
    packages=(
        Package(10 * 60, 1, "hour_10"),
        Package(20 * 60, 6, "hour_20"),
        Package(50 * 60, 12, "hour_50"),
    ),
)
