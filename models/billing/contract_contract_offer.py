from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.groups import OFFICE


class ContractContract(models.Model):
    """What a contract is paid for: a fee, hours, or work alone."""

    _inherit = "contract.contract"

    offered_package_ids = fields.One2many(
        related="contract_template_id.offered_package_ids"
    )
    by_work_alone = fields.Boolean(
        string="Billed by Work Alone",
        compute="_compute_by_work_alone",
        groups=OFFICE,
        help="No fee is due and no hours are included: the customer pays for work and "
        "for packages.",
    )

    @api.depends(
        "allowance_minutes",
        "contract_line_fixed_ids.price_subtotal",
        "contract_template_id",
        "service_tier_id",
    )
    def _compute_by_work_alone(self):
        """Known before anything is saved; an offer that has neither was meant so."""
        for contract in self:
            contract.by_work_alone = (
                contract.service_tier_kind == "contract"
                and not contract.contract_template_id.service_tier_id
                and not contract._has_fee_or_hours()
            )

    def _has_fee_or_hours(self):
        fees = self.contract_line_fixed_ids.mapped("price_subtotal")
        return bool(self.allowance_minutes) or any(fees)

    @api.constrains("allowance_minutes", "contract_line_ids", "service_tier_id")
    def _check_pays_for_something(self):
        """A contract that promises service, and for which nothing is ever paid."""
        for contract in self.filtered(lambda one: one.service_tier_kind == "contract"):
            # sudo: products of rates are not for everybody who may change a contract
            rates = contract.sudo().service_tier_id.rate_ids
            products = rates.product_id | rates.flat_product_id
            if not any(products.mapped("list_price")) and not (
                contract._has_fee_or_hours()
            ):
                raise ValidationError(
                    self.env._(
                        "Nothing is paid under the contract “%s”: it has no fee and "
                        "no hours, and work under its tier costs nothing. Add a fee "
                        "or hours, or choose another tier.",
                        contract.display_name,
                    )
                )
