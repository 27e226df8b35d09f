"""Failure: whose an error is, where many are worked on at once."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def about(subject: object) -> Iterator[None]:
    """Let errors say whose they are, so that only they need be left out.

    The innermost subject counts; see ``subject_of``.
    """
    try:
        yield
    except Exception as error:
        if not hasattr(error, "subject"):
            error.subject = subject
        raise


def subject_of(error: Exception) -> object | None:
    """Whose an error is, or None where nobody said."""
    return getattr(error, "subject", None)
