"""Remote help from a price list, by started half hours."""

from ...tools.offers import ReadyOffer, Service, Topic, Work, _lt

OFFER = ReadyOffer(
    key="remote_help",
    name=_lt("Remote help from the price list"),
    says=(
        _lt("For customers without a contract"),
        _lt("Remote help by started half hours, each session on its own"),
        _lt("Visits by the started hour, travel at a flat fee"),
        _lt("Expert services are quoted first"),
    ),
    kind="ad_hoc",
    services=(
        Service("remote", _lt("Remote help, hour"), 180),
        Service("visit", _lt("Visit of a technician, hour"), 200),
        Service("trip", _lt("Travel to the customer"), 80, "unit"),
    ),
    works=(
        Work(("remote", "diagnosis"), "remote", first=30, step=30, scope="block"),
        Work(("on_site", "maintenance"), "visit"),
        Work(("travel",), "visit", step=0, flat="trip", uses_packages=False),
    ),
    topics=(
        Topic("expert", "quote", _lt("Experts’ work is quoted first.")),
        Topic("database", "quote", _lt("Experts’ work is quoted first.")),
    ),
)
