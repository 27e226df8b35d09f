from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HelpdeskTicket(models.Model):
    """Express service: asked for or offered, and agreed to before it costs anything."""

    _inherit = "helpdesk.ticket"

    express_wish = fields.Selection(
        [("asked", "Asked for by the customer"), ("offered", "Offered by us")],
        string="Express Wanted",
        tracking=True,
        help="Nothing is surcharged before somebody agrees to the surcharge.",
    )
    express = fields.Boolean(
        tracking=True,
        help="The customer agreed to be served before others, at the tier's surcharge.",
    )
    express_agreed_by = fields.Char(
        string="Surcharge Agreed By",
        tracking=True,
        help="Who of the customer's people agreed to the surcharge, and how.",
    )
    express_agreed_on = fields.Datetime(
        string="Surcharge Agreed On",
        tracking=True,
        copy=False,
        help="Work of earlier days is not surcharged.",
    )
    express_percent = fields.Integer(
        string="Express Surcharge",
        compute="_compute_express_percent",
        compute_sudo=True,
        help="Percent on top of the price, by the tier that pays for the work.",
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
                        "Say who agreed to the express surcharge on ticket %s: without "
                        "a name it cannot be charged.",
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
