from odoo import api, fields, models


class ServiceTermsAcceptanceLine(models.Model):
    """One version that was accepted, with the fingerprint of what was shown."""

    _name = "service.terms.acceptance.line"
    _inherit = ["service.evidence"]
    _description = "Accepted Version"
    _order = "id"

    acceptance_id = fields.Many2one(
        "service.terms.acceptance",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    version_id = fields.Many2one(
        "service.terms.version",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    text_hash = fields.Char(string="SHA-256", required=True, readonly=True)
    company_id = fields.Many2one(
        related="acceptance_id.company_id", store=True, index=True, precompute=True
    )
    given_at = fields.Datetime(related="acceptance_id.given_at")
    channel = fields.Selection(related="acceptance_id.channel")
    person_name = fields.Char(related="acceptance_id.person_name")

    @api.depends("version_id", "given_at")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.version_id.display_name
