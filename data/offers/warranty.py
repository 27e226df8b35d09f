"""Warranty: help with devices under warranty, free of charge, on working days."""

from ...tools.offers import Promise, ReadyOffer, Service, Work, _lt

OFFER = ReadyOffer(
    key="warranty",
    name=_lt("Warranty"),
    says=(
        _lt("For devices and programs under warranty, free of charge"),
        _lt("Answer within 24 hours, done within 5 days, days off not counted"),
        _lt("Reports by e-mail"),
        _lt("Needs no contract: the date of warranty on the item decides"),
    ),
    kind="warranty",
    services=(Service("work", _lt("Warranty work"), 0),),
    works=(Work(("remote", "on_site", "travel", "diagnosis", "maintenance"), "work"),),
    promises=(
        Promise("reaction", 24, "hours", "working_days"),
        Promise("resolution", 5, "days", "working_days"),
    ),
    channels=("email",),
)
