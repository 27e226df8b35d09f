from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.guard import Seal
from .service_guarded import DEFAULT

# Held by what follows from a change that was looked at, such as values that Odoo copies
# from a company to its contacts.
ALLOWED = Seal("partial_right")


class ServicePartialRight(models.AbstractModel):
    """A right of ours on a model of others that goes for some of its fields alone.

    The access right of a group opens whole records; this says which of their fields.
    People who have the right by another group are not held to it.
    """

    _name = "service.partial.right"
    _description = "Right on Some Fields"

    @api.model
    def _full_right(self):
        """Hook: the group whose people may write all fields."""
        return "base.group_system"

    @api.model
    def _partial_rights(self):
        """Hook: the fields that people of a group may write, ``{group: names}``."""
        return {}

    @api.model_create_multi
    def create(self, vals_list):
        self._check_given(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_partial_right(vals.keys())
        records = self.with_context(**ALLOWED.opened)
        return super(ServicePartialRight, records).write(vals)

    @api.model
    def _check_given(self, vals_list):
        """Refuse values of new records that are beyond the user's part.

        Defaults that the context sends count as given.
        """
        defaults = {
            key.removeprefix(DEFAULT)
            for key in self.env.context
            if key.startswith(DEFAULT)
        }
        given = {name for vals in vals_list for name, value in vals.items() if value}
        self._check_partial_right(given | defaults & self._fields.keys())

    @api.model
    def _allowed_fields(self):
        """Names of the only fields the user may write; None where it is no question."""
        user = self.env.user
        if self.env.su or ALLOWED.is_open(self.env.context):
            return None
        if user.has_group(self._full_right()):
            return None
        rights = self._partial_rights().items()
        own = [names for group, names in rights if user.has_group(group)]
        return frozenset().union(*own) if own else None

    @api.model
    def _check_partial_right(self, names):
        """Refuse values of fields that are beyond the user's part."""
        allowed = self._allowed_fields()
        if allowed is None or not (beyond := set(names) - allowed):
            return
        labels = [
            self._fields[name]._description_string(self.env)
            if name in self._fields
            # A name that no field has is refused by Odoo.
            else name
            for name in beyond
        ]
        raise AccessError(
            self.env._(
                "You may not change this on “%(model)s”: %(fields)s. Ask an "
                "administrator or somebody who may.",
                model=self.env["ir.model"]._get(self._name).name,
                fields=", ".join(sorted(labels)),
            )
        )
