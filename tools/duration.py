"""Minutes, and the two forms people meet them in: decimal hours and a clock."""

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR


def to_minutes(hours: float) -> int:
    """Whole minutes of a timesheet's decimal ``hours``.

    This is the only place where decimal hours become minutes: 0.8333 h, which is how
    a timesheet stores 50 minutes, is 50 again.
    """
    return round(hours * MINUTES_PER_HOUR)


def to_hours(minutes: int) -> float:
    """Decimal hours of ``minutes``, as an invoice line counts them."""
    return minutes / MINUTES_PER_HOUR


def to_clock(minutes: int) -> str:
    """``minutes`` as people read them: ``90`` is ``1:30``, ``-5`` is ``-0:05``."""
    hours, rest = divmod(abs(minutes), MINUTES_PER_HOUR)
    return f"{'-' if minutes < 0 else ''}{hours}:{rest:02}"


def to_units(minutes: int) -> str:
    """``minutes`` as a price list counts them: ``90`` is ``1 h 30 min``."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    parts = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours)
    return " ".join(parts)
