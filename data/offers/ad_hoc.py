"""Ad hoc: customers without a contract, every job quoted first."""

from ...tools.offers import ReadyOffer, Service, Work, _lt

OFFER = ReadyOffer(
    key="ad_hoc",
    name=_lt("Ad hoc"),
    says=(
        _lt("For customers without a contract"),
        _lt("Every job is quoted, and starts when the quote is accepted"),
        _lt("Paid when the job is done"),
    ),
    kind="ad_hoc",
    services=(
        Service("hour", _lt("Ad hoc, hour of work"), 120),
        Service("trip", _lt("Ad hoc, travel"), 80, "unit"),
    ),
    works=(
        Work(("remote", "on_site", "diagnosis", "maintenance"), "hour"),
        Work(("travel",), "hour", step=0, flat="trip", uses_packages=False),
    ),
    quote_first=True,
)
