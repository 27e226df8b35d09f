from odoo import api, models

from ...tools.groups import MANAGER
from .service_guarded import ServiceGuarded

# What an invoice says of its seller. Managers keep the company's contact anyway, which
# has the same fields.
SELLER = frozenset(
    {
        "city",
        "company_registry",
        "country_id",
        "email",
        "phone",
        "state_id",
        "street",
        "street2",
        "vat",
        "zip",
    }
)


class ResCompany(models.Model):
    """What a service manager sets for the company: our fields, and of Odoo's what an
    invoice says of the seller."""

    _name = "res.company"
    _inherit = ["service.partial.right", "res.company"]

    @api.model
    def _partial_rights(self):
        return {MANAGER: self._service_settings() | SELLER}

    @api.model
    def _service_settings(self):
        """The names of the settings that come with this add-on."""
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.store
            and not field.readonly
            and ServiceGuarded._module in field._modules
        )

    @api.model
    def action_open_service_settings(self):
        """The settings of the current company."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Service Settings"),
            "res_model": self._name,
            "res_id": self.env.company.id,
            "view_mode": "form",
            "views": [
                (
                    self.env.ref(
                        "helpdesk_service_contract.res_company_view_form_service"
                    ).id,
                    "form",
                )
            ],
        }
