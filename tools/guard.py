"""Guard: what only the system writes, and the seals that let it.

A seal is an object that code holds in the context and that is compared by identity.
Code that imports it may write what it guards; nobody can send it over RPC.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple


class Seal:
    """Held in a context, it lets the code that put it there write guarded facts.

    It is held around values of one's own, never around those of a caller.
    """

    def __init__(self, name: str):
        self.key = f"seal_{name}"

    def __repr__(self):
        return f"<{self.key}>"

    @property
    def opened(self) -> dict[str, "Seal"]:
        """What a context needs: ``with_context(**seal.opened)``."""
        return {self.key: self}

    def is_open(self, context: Mapping[str, Any]) -> bool:
        """Whether the code that made the context holds this very seal."""
        return context.get(self.key) is self


class Guard(NamedTuple):
    """What of a model is not for everybody who may write its records.

    ``names`` are of fields whose values nobody gives to a new record or to one that is
    there; ``creation``, ``change`` and ``deletion`` are of whole records. It opens to
    the code that holds the ``seal`` and to the people of the ``group``; without either,
    to nobody. The ``message`` is what those who are refused read, if there is a better
    one than the usual one.
    """

    names: frozenset[str] = frozenset()
    seal: Seal | None = None
    group: str | None = None
    creation: bool = False
    change: bool = False
    deletion: bool = False
    message: Any = None

    def is_open(self, context: Mapping[str, Any]) -> bool:
        return self.seal is not None and self.seal.is_open(context)

    def given(self, names: Iterable[str]) -> set[str]:
        """Which of these names of fields are for the system to give to a new record."""
        return set(names) if self.creation else self.names.intersection(names)


class Breach(NamedTuple):
    """The guard that a call breaks, and by which fields; none where it is the call."""

    guard: Guard
    names: Collection[str] = ()


def breach_of_create(
    guards: Iterable[Guard],
    vals_list: Collection[Mapping[str, Any]],
    context: Mapping[str, Any],
    says: Callable[[Guard, str, Any], bool],
) -> Breach | None:
    """What creating records breaks: values given, or sent as defaults of a context.

    :param says: whether the value of a field is more than what a form shows there
    """
    for guard in guards:
        if guard.creation:
            return Breach(guard)
        # A default of what nobody can give is passed over, as screens send many.
        opens = guard.seal or guard.group
        names = {name for name in guard.names if opens and f"default_{name}" in context}
        for vals in vals_list:
            given = guard.names.intersection(vals)
            names |= {name for name in given if says(guard, name, vals[name])}
        if names:
            return Breach(guard, names)
    return None


def breach_of_write(guards: Iterable[Guard], names: Collection[str]) -> Breach | None:
    """What writing fields of these names breaks."""
    for guard in guards:
        if guard.change and names:
            return Breach(guard)
        if written := guard.names.intersection(names):
            return Breach(guard, written)
    return None


def breach_of_unlink(guards: Iterable[Guard]) -> Breach | None:
    """What deleting records breaks."""
    return next((Breach(guard) for guard in guards if guard.deletion), None)
