from odoo import fields, models


class HelpdeskTicket(models.Model):
    """The hours that a ticket may use."""

    _inherit = "helpdesk.ticket"

    overage_policy = fields.Selection(related="service_contract_id.overage_policy")
    has_packages = fields.Boolean(related="service_contract_id.has_packages")
    hours_until = fields.Date(related="service_contract_id.hours_until")
    hours_granted = fields.Integer(related="service_contract_id.hours_granted")
    hours_used = fields.Integer(related="service_contract_id.hours_used")
    hours_pending = fields.Integer(related="service_contract_id.hours_pending")
    hours_expired = fields.Integer(related="service_contract_id.hours_expired")
    hours_available = fields.Integer(related="service_contract_id.hours_available")
    hours_overage = fields.Integer(related="service_contract_id.hours_overage")
