"""VIP: help at any time, two hours a month included."""

from ...tools.offers import Fee, Hours, Promise, ReadyOffer, Service, Work, _lt

OFFER = ReadyOffer(
    key="vip",
    name=_lt("VIP"),
    says=(
        _lt("Answer within 1 hour, done within 2 days, also on days off"),
        _lt("2 hours a month included, every started hour beyond them"),
        _lt("4 unjustified reports a month free of charge"),
        _lt("Reports by phone and e-mail, dedicated procedures"),
    ),
    services=(
        Service("fee", _lt("VIP subscription, month"), 290, "unit"),
        Service("hour", _lt("VIP, hour of work"), 120),
        Service("trip", _lt("VIP, travel"), 80, "unit"),
    ),
    works=(
        Work(("remote", "on_site", "diagnosis", "maintenance"), "hour"),
        Work(("travel",), "hour", step=0, flat="trip", uses_packages=False),
    ),
    promises=(
        Promise("reaction", 1, "hours", "always"),
        Promise("resolution", 2, "days", "always"),
    ),
    channels=("email", "phone"),
    free_unjustified=4,
    fees=(Fee("fee"),),
    hours=Hours(120),
)
