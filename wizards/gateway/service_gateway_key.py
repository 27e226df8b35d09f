from odoo import fields, models

from odoo.addons.base.models.res_users import check_identity


class ServiceGatewayKey(models.TransientModel):
    """Connecting a program: its name, whom it acts for, and how long its key counts."""

    _name = "service.gateway.key"
    _description = "Connect an API Client"

    name = fields.Char(
        required=True, help="Shown on the tickets it opens, for instance “Zabbix”."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    validity = fields.Selection(
        [
            ("1", "1 month"),
            ("3", "3 months"),
            ("12", "12 months"),
            ("0", "Until it is revoked"),
        ],
        string="Key Valid For",
        required=True,
        default="12",
    )
    customer_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        domain="[('company_id', 'in', [False, company_id]),"
        " '|', ('parent_id', '=', False), ('is_company', '=', True)]",
        help="Leave empty to allow every customer of the company. A key stored on a "
        "customer's server should be for that customer only.",
    )

    @check_identity
    def action_connect(self):
        """Connect the tool, and show its key: this once, as it is not kept."""
        self.ensure_one()
        _tool, key = self._connect()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("API Key Ready"),
            "res_model": "res.users.apikeys.show",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": key},
        }

    def _connect(self):
        months = int(self.validity)
        return self.env["service.gateway.client"]._connect(
            self.name,
            self.company_id,
            self.customer_ids,
            months and fields.Datetime.add(fields.Datetime.now(), months=months),
        )
