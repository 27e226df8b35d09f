from odoo import api, models, tools
from odoo.exceptions import AccessError

from ...tools.guard import Seal
from .service_guarded import DEFAULT, ServiceGuarded

# Held by what follows from a change that was looked at, such as values that Odoo copies
# from a company to its contacts.
ALLOWED = Seal("partial_right")


class ServicePartialRight(models.AbstractModel):
    """A right of ours on a model of others that goes for some of its fields alone.

    The access right of a group opens whole records; this says which of their fields.
    People who have the right by an access right of somebody else are not held to it.
    """

    _name = "service.partial.right"
    _description = "Right on Some Fields"

    @api.model
    def _partial_rights(self):
        """Hook: the fields that people of a group may write, ``{group: names}``."""
        return {}

    @api.model_create_multi
    def create(self, vals_list):
        self._check_given(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_partial_right(vals.keys(), "write")
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
        self._check_partial_right(given | defaults & self._fields.keys(), "create")

    @api.model
    def _allowed_fields(self, operation):
        """Names of the only fields the user may set; None where it is no question."""
        user = self.env.user
        if self.env.su or ALLOWED.is_open(self.env.context):
            return None
        rights = self._partial_rights().items()
        own = [names for group, names in rights if user.has_group(group)]
        if not own or self._has_full_right(operation):
            return None
        return frozenset().union(*own)

    @api.model
    @tools.ormcache("self.env.uid", "operation")
    def _has_full_right(self, operation):
        """Whether others than us give the user a right to whole records.

        Kept until access rights change: every write of a contact asks for it.
        """
        # sudo: people do not read what they may do
        rights = self.env["ir.model.access"].sudo()
        given = rights.search(
            [
                ("model_id.model", "=", self._name),
                (f"perm_{operation}", "=", True),
                ("group_id", "in", self.env.user.all_group_ids.ids),
            ]
        )
        names = given.get_external_id().values()
        return any(name.split(".")[0] != ServiceGuarded._module for name in names)

    @api.model
    def _check_partial_right(self, names, operation):
        """Refuse values of fields that are beyond the user's part."""
        allowed = self._allowed_fields(operation)
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
