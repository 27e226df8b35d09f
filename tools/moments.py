"""Moments as the database keeps them (naive UTC), as rules need them (aware), and as
the clock of a company shows them."""

from datetime import UTC, datetime, time, timedelta

from .working_time import minute_of, moment_of


def aware(moment):
    """A naive UTC moment, as Odoo keeps it, with its time zone."""
    return moment.replace(tzinfo=UTC)


def naive(moment):
    """An aware moment as Odoo keeps it: in UTC, without a time zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def naive_minute(minute):
    """A minute of ``working_time`` as Odoo keeps it; False for none."""
    return False if minute is None else naive(moment_of(minute))


def this_minute():
    """The minute of ``working_time`` that it is now."""
    return minute_of(datetime.now(UTC))


def local(moment, zone):
    """What the clock of ``zone`` shows at a naive UTC moment."""
    return aware(moment).astimezone(zone)


def at(day, clock, zone):
    """When the clock of ``zone`` shows ``clock`` on ``day``, as Odoo keeps it."""
    return naive(datetime.combine(day, clock, zone))


def midnight(day, zone):
    """When ``day`` begins in ``zone``, as Odoo keeps it."""
    return at(day, time.min, zone)


def last_second(day, zone):
    """When ``day`` ends in ``zone`` by Odoo's habit: a second before the next one."""
    return midnight(day + timedelta(days=1), zone) - timedelta(seconds=1)
