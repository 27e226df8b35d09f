from odoo import fields, models
from odoo.exceptions import UserError

from ...models.coverage.service_coverage_decision import CODES


class ServiceCoverageOverride(models.TransientModel):
    """A manager decides against the rules who pays, and says why.

    The access rights of this dialog are the right to do so.
    """

    _name = "service.coverage.override"
    _inherit = "service.dialog"
    _description = "Coverage Override"
    _about = "ticket_id"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True)
    decision_id = fields.Many2one(
        related="ticket_id.coverage_decision_id", related_sudo=False
    )
    overridden = fields.Boolean(related="decision_id.overridden", related_sudo=False)
    code = fields.Selection(
        [
            (code, label)
            for code, label in CODES
            if code
            in {
                "warranty",
                "contract",
                "contract_free",
                "basic",
                "ad_hoc",
                "ad_hoc_free",
                "quote",
            }
        ],
        string="Who Pays",
        required=True,
        default="ad_hoc",
    )
    reason = fields.Text()

    def action_override(self):
        self.ensure_one()
        self.ticket_id.check_access("write")
        if not (self.reason or "").strip():
            raise UserError(self.env._("Enter the reason for overriding the rules."))
        contract = self.ticket_id.sudo().service_contract_id
        if self.code.startswith("contract") and not contract:
            raise UserError(
                self.env._(
                    "The customer has no contract that could pay. Choose it on the "
                    "ticket first."
                )
            )
        self.env["service.coverage"]._override(self.ticket_id, self.code, self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_withdraw(self):
        """Let the rules decide again."""
        self.ensure_one()
        self.ticket_id.check_access("write")
        self.env["service.coverage"]._withdraw_override(self.ticket_id)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
