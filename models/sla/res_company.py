from odoo import fields, models

REPLIED = "helpdesk_service_contract.stage_replied"


class ResCompany(models.Model):
    """What becomes of a ticket when its customer writes."""

    _inherit = "res.company"

    service_reopen_days = fields.Integer(
        string="Reopen Tickets Within",
        default=14,
        help="Days. A customer's reply to a ticket that was closed earlier makes a new "
        "one, linked with it.",
    )
    service_replied_stage_id = fields.Many2one(
        "helpdesk.ticket.stage",
        string="Stage When the Customer Replied",
        default=lambda self: self.env.ref(REPLIED, raise_if_not_found=False),
        domain="[('company_id', 'in', (id, False)), ('closed', '=', False),"
        " ('waiting_for', '=', False)]",
        help="Tickets that waited for the customer, or were closed, come to this stage "
        "when the customer writes. Without it, to the first one in which work goes on.",
    )

    _service_reopen_days_not_negative = models.Constraint(
        "CHECK(service_reopen_days >= 0)",
        "Tickets are opened again within 0 days or more.",
    )

    def _choose_replied_stages(self):
        """Companies that are there already get the stage that comes with us."""
        missing = self.filtered(lambda one: not one.service_replied_stage_id)
        missing.service_replied_stage_id = self.env.ref(
            REPLIED, raise_if_not_found=False
        )
