"""Basic support: free help with a program for a year after it was bought."""

from ...tools.offers import Promise, ReadyOffer, Service, Topic, Work, _lt

MORE = _lt("Not in basic support: the supervision contract covers it.")

OFFER = ReadyOffer(
    key="basic_support",
    name=_lt("Basic support"),
    says=(
        _lt("Free help with messages of the program for 12 months after purchase"),
        _lt("Monday to Friday 8:00–16:00, answer within 4 hours"),
        _lt("Needs no contract: the date of the licence decides"),
        _lt("What is beyond it leads to the supervision contract"),
    ),
    kind="basic",
    services=(Service("work", _lt("Basic support"), 0),),
    works=(Work(("remote", "diagnosis"), "work"),),
    promises=(Promise("reaction", 4, "hours", "office"),),
    topics=(
        Topic("messages", "covered"),
        Topic("desktop", "not_covered", MORE),
        Topic("database", "not_covered", MORE),
        Topic("reinstallation", "not_covered", MORE),
        Topic("devices", "not_covered", MORE),
    ),
    other_topics="not_covered",
    channels=("email", "phone"),
    service_hours="office",
    offered_instead="supervision",
)
