"""The categories of tickets that ready-made offers speak of."""

from ...tools.offers import _lt

CATEGORIES = {
    "messages": _lt("Messages of the program"),
    "desktop": _lt("Remote desktop connection"),
    "database": _lt("Analysis of the database"),
    "reinstallation": _lt("Reinstallation after a failure"),
    "devices": _lt("Set-up of devices"),
    "expert": _lt("Expert services"),
}
