from odoo import fields, models

from ...tools.consent import Statement


class ServicePhoneAcceptanceLine(models.TransientModel):
    """Something to agree to: a version, or a statement."""

    _name = "service.phone.acceptance.line"
    _description = "Phone Acceptance Line"
    _order = "id"

    wizard_id = fields.Many2one(
        "service.phone.acceptance", required=True, ondelete="cascade"
    )
    version_id = fields.Many2one("service.terms.version", readonly=True)
    statement = fields.Selection(
        [(str(name), str(name)) for name in Statement], readonly=True
    )
    words = fields.Char(string="Text", readonly=True)
    agreed = fields.Boolean(string="Yes")
