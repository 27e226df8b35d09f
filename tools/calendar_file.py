"""An agreed time as a file for the calendar of a phone or a mail program (RFC 5545)."""

from datetime import datetime

import vobject
from dateutil.tz import UTC


def calendar_file(
    uid: str,
    summary: str,
    begin: datetime,
    end: datetime,
    sent_at: datetime,
    *,
    cancelled: bool = False,
) -> bytes:
    """The file of one event; a later one with the same ``uid`` replaces it.

    :param begin: naive UTC, as ``end`` and ``sent_at``
    """
    calendar = vobject.iCalendar()
    calendar.add("method").value = "CANCEL" if cancelled else "PUBLISH"
    event = calendar.add("vevent")
    event.add("uid").value = uid
    event.add("sequence").value = str(int(sent_at.replace(tzinfo=UTC).timestamp()))
    event.add("dtstamp").value = sent_at.replace(tzinfo=UTC)
    event.add("dtstart").value = begin.replace(tzinfo=UTC)
    event.add("dtend").value = end.replace(tzinfo=UTC)
    event.add("summary").value = summary
    event.add("status").value = "CANCELLED" if cancelled else "CONFIRMED"
    return calendar.serialize().encode()
