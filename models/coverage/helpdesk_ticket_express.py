from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HelpdeskTicket(models.Model):
    """Express service: asked for or offered, and agreed to before it costs anything."""

    _inherit = "helpdesk.ticket"

    express_wish = fields.Selection(
        [("asked", "Requested by the customer"), ("offered", "Offered by us")],
        string="Express Request",
        tracking=True,
        help="No surcharge is applied until someone accepts it.",
    )
    express = fields.Boolean(
        tracking=True,
        help="The customer accepted the tier's surcharge to be served ahead of others.",
    )
    express_agreed_by = fields.Char(
        string="Surcharge Accepted By",
        tracking=True,
        help="Who at the customer accepted the surcharge, and how.",
    )
    express_agreed_on = fields.Datetime(
        string="Surcharge Accepted On",
        tracking=True,
        copy=False,
        help="Work of earlier days is not surcharged.",
    )
    express_percent = fields.Integer(
        string="Express Surcharge",
        compute="_compute_express_percent",
        compute_sudo=True,
        help="Percentage added to the price, as set on the tier that pays for the "
        "work.",
    )

    @api.depends("coverage_code", "ad_hoc_contract_id", "service_contract_id")
    def _compute_express_percent(self):
        for ticket in self:
            ticket.express_percent = ticket._paying_tier().express_percent

    @api.constrains("express", "express_agreed_by")
    def _check_express(self):
        for ticket in self.filtered("express"):
            if not (ticket.express_agreed_by or "").strip():
                raise ValidationError(
                    self.env._(
                        "Enter who accepted the express surcharge on ticket %s: "
                        "without a name it cannot be charged.",
                        ticket.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_moment(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_moment(vals))

    @api.model
    def _with_moment(self, vals):
        """An agreement that nobody dates is made now."""
        if "express" not in vals or vals.get("express_agreed_on"):
            return vals
        return vals | {"express_agreed_on": vals["express"] and fields.Datetime.now()}

    def _express_on(self, day):
        """Whether the surcharge was agreed to for work of ``day``."""
        if not self.express:
            return False
        agreed = self.express_agreed_on
        return not agreed or self.company_id.sudo()._service_day(agreed) <= day

    def action_offer_express(self):
        """Write to the customer what express service costs, and ask for a yes."""
        self.ensure_one()
        self.express_wish = "offered"
        template = self.env.ref("helpdesk_service_contract.mail_template_express")
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": "helpdesk.ticket",
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
            },
        }
