from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...tools.groups import ACCOUNTANT, MANAGER

_MAY_DECIDE = (
    ACCOUNTANT,
    MANAGER,
)


class ContractContract(models.Model):
    """Whether invoices of the contract are issued without a person."""

    _inherit = "contract.contract"

    post_automatically = fields.Boolean(
        string="Post and Send Automatically",
        copy=False,
        help="Invoices of this contract are posted and sent to KSeF and to the "
        "customer automatically, up to the limit. An invoice already in KSeF can "
        "only be corrected with a credit note. If there is any problem, the draft "
        "waits for review.",
    )
    post_limit = fields.Monetary(
        string="Limit per Invoice",
        copy=False,
        help="Gross. An invoice above this amount stays a draft for review.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        contracts = super().create(vals_list)
        contracts._check_may_decide_posting()
        return contracts

    def write(self, vals):
        result = super().write(vals)
        if {"post_automatically", "post_limit"} & set(vals):
            self._check_may_decide_posting()
        return result

    def _check_may_decide_posting(self):
        """Back office makes contracts but posts no invoices: not this way either."""
        if self.env.su or not any(self.mapped("post_automatically")):
            return
        if not any(self.env.user.has_group(group) for group in _MAY_DECIDE):
            raise AccessError(
                self.env._(
                    "Only accountants and service managers can decide that "
                    "invoices are posted automatically, and up to which amount."
                )
            )

    @api.constrains("post_automatically", "post_limit")
    def _check_post_limit(self):
        for contract in self.filtered("post_automatically"):
            if contract.currency_id.compare_amounts(contract.post_limit, 0) <= 0:
                raise ValidationError(
                    self.env._(
                        "Enter the gross amount up to which invoices of “%s” are "
                        "posted automatically.",
                        contract.display_name,
                    )
                )
