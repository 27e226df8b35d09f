from typing import NamedTuple

from odoo import api, models, tools
from odoo.exceptions import AccessError

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ...tools.guard import Guard, breach_of_create, breach_of_unlink, breach_of_write

DEFAULT = "default_"


class Guarded(NamedTuple):
    """The guards of a model, and the names of all fields that they are about."""

    guards: tuple[Guard, ...]
    names: frozenset[str]

    @property
    def whole(self):
        """Whether it is the system that makes such records."""
        return any(guard.creation for guard in self.guards)


class ServiceGuarded(models.AbstractModel):
    """What only the system writes, nobody else does, whatever their context says.

    The lowest of our packages that extends a model lists this class first. Odoo and OCA
    stand below it and write freely; our packages stand above it and hold the seal of
    what they write.
    """

    _name = "service.guarded"
    _description = "Guarded Facts"

    @api.model
    def _guards(self):
        """Hook: the guards of this model, as ``tools.guard`` takes them."""
        return ()

    @api.model_create_multi
    def create(self, vals_list):
        guarded, context = self._guarded(), self.env.context
        sent = {key.removeprefix(DEFAULT) for key in context if key.startswith(DEFAULT)}
        if guarded.whole or not guarded.names.isdisjoint(sent.union(*vals_list)):
            says = self._says_something
            self._refuse(breach_of_create(self._closed(), vals_list, context, says))
        return super().create(vals_list)

    def write(self, vals):
        if not self._guarded().names.isdisjoint(vals):
            self._refuse(breach_of_write(self._closed(), vals))
        return super().write(vals)

    def unlink(self):
        """Rules on deletion hold: only the caller's context says that we uninstall."""
        if self:
            self._refuse(breach_of_unlink(self._closed()))
        if MODULE_UNINSTALL_FLAG in self.env.context:
            context = dict(self.env.context)
            del context[MODULE_UNINSTALL_FLAG]
            # Whole, for with_context cannot take a key away.
            # pylint: disable-next=context-overridden
            self = self.with_context(context)  # noqa: PLW0642
        return super().unlink()

    @api.model
    def default_get(self, fields):
        """Of a guarded fact the default of its field counts, and no other.

        Everybody may send defaults in the context, and keep some of their own.
        """
        values = super().default_get(fields)
        if self._guarded().names.isdisjoint(values):
            return values
        guarded = set().union(
            *(guard.given(values) for guard in self._closed(sealed=True))
        )
        for field in (self._fields[name] for name in guarded):
            del values[field.name]
            if field.default:
                values[field.name] = field.convert_to_write(field.default(self), self)
        return values

    @api.model
    @tools.ormcache()
    def _guarded(self):
        """Kept until the models change: every write asks for it."""
        own = self._guards()
        sealed = frozenset().union(*(guard.names for guard in own))
        # What we compute and keep follows from other facts, and is given by nobody.
        computed = frozenset(
            name
            for name, field in self._fields.items()
            if field.store
            and field.compute
            and field.readonly
            and ServiceGuarded._module in field._modules
            and name not in sealed
        )
        whole = any(guard.creation or guard.change for guard in own)
        names = frozenset(self._fields) if whole else sealed | computed
        return Guarded((*own, Guard(computed)), names)

    @api.model
    def _closed(self, *, sealed=False):
        """The guards that are closed to the caller.

        :param sealed: those whose seal is held as well
        """
        context = self.env.context
        for guard in self._guarded().guards:
            if not sealed and guard.is_open(context):
                continue
            if guard.group and (self.env.su or self.env.user.has_group(guard.group)):
                continue
            yield guard

    @api.model
    def _says_something(self, guard, name, value):
        """Whether a value given to a new record is more than a form shows there."""
        if default := self._fields[name].default:
            return value != default(self)
        return bool(value) if guard.group else True

    @api.model
    def _refuse(self, breach):
        """Say why a call is refused, if it is."""
        if breach is None:
            return
        if breach.guard.message:
            raise AccessError(self.env._(breach.guard.message))
        labels = [
            self._fields[name]._description_string(self.env)
            for name in breach.names
            if name in self._fields
        ]
        if labels:
            raise AccessError(
                self.env._(
                    "Nobody enters this by hand, the system fills it in: %s.",
                    ", ".join(sorted(labels)),
                )
            )
        raise AccessError(
            self.env._(
                "The system keeps “%s”, so nobody adds, changes or deletes it.",
                self.env["ir.model"]._get(self._name).name,
            )
        )
