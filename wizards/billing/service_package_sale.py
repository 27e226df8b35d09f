from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.billing.service_hour_package_sale import (
    BILL_WITH,
    LONGEST_MONTHS,
    USABLE,
)
from ...models.tier.service_tier_rate import HOUR
from ...tools import periods
from ...tools.duration import to_hours


class ServicePackageSale(models.TransientModel):
    """Back office sells a package of hours to a customer, with its invoice."""

    _name = "service.package.sale"
    _inherit = "service.dialog"
    _description = "Hour Package Sale"
    _about = "contract_id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        check_company=True,
        domain="[('service_tier_id', '!=', False)]",
    )
    company_id = fields.Many2one(related="contract_id.company_id", related_sudo=False)
    currency_id = fields.Many2one(related="contract_id.currency_id", related_sudo=False)
    template_id = fields.Many2one(
        related="contract_id.contract_template_id", related_sudo=False
    )
    offered_id = fields.Many2one(
        "service.offer.package",
        string="Package of the Offer",
        domain="[('template_id', '=', template_id)]",
    )
    whole_customer = fields.Boolean(
        string="For All Contracts of the Customer",
        help="The hours may also be used under another contract of this customer, now "
        "or later.",
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        check_company=True,
        compute="_compute_product_id",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        domain="[('type', '=', 'service'), ('sale_ok', '=', True),"
        " ('uom_id', '=', hour_id)]",
    )
    hour_id = fields.Many2one("uom.uom", compute="_compute_hour_id")
    minutes = fields.Integer(string="Hours", required=True, default=600)
    months = fields.Integer(string="Valid For (Months)", required=True, default=6)
    date_from = fields.Date(
        string="Valid From",
        required=True,
        default=lambda self: self._default_day(),
    )
    date_to = fields.Date(string="Valid Until", compute="_compute_date_to")
    hour_price = fields.Monetary(
        string="Price per Hour",
        compute="_compute_hour_price",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    amount = fields.Monetary(string="Net Amount", compute="_compute_amount")
    usable = fields.Selection(
        USABLE,
        required=True,
        default="at_once",
    )
    bill_with = fields.Selection(
        BILL_WITH,
        string="Invoicing",
        required=True,
        default="own",
    )
    rollover_minutes = fields.Integer(
        string="Carry-Over Limit",
        help="Unused hours, up to this limit, can be used for as many months again.",
    )

    @api.model
    def _default_day(self):
        contract_id = self.env.context.get("default_contract_id")
        contract = self.env["contract.contract"].browse(contract_id)
        company = contract.company_id or self.env.company
        return company.sudo()._service_day()

    def _compute_hour_id(self):
        self.hour_id = self.env.ref(HOUR)

    @api.depends("contract_id")
    def _compute_product_id(self):
        """What beyond-package work is sold as, which is in hours already."""
        for sale in self:
            rates = sale.contract_id.service_tier_id.rate_ids
            sale.product_id = sale.product_id or rates[:1].product_id

    @api.depends("contract_id", "product_id", "date_from")
    def _compute_hour_price(self):
        for sale in self:
            if sale.product_id and sale.contract_id and sale.date_from:
                price = self.env["service.price"]._price(
                    sale.product_id, sale.contract_id, sale.date_from
                )
                sale.hour_price = price.amount

    @api.onchange("offered_id")
    def _onchange_offered_id(self):
        if offered := self.offered_id:
            self.product_id = offered.product_id
            self.minutes, self.months = offered.minutes, offered.months

    @api.depends("date_from", "months")
    def _compute_date_to(self):
        for sale in self:
            known = sale.date_from and sale.months > 0
            sale.date_to = known and periods.window(sale.date_from, sale.months).last

    @api.depends("minutes", "hour_price")
    def _compute_amount(self):
        for sale in self:
            sale.amount = to_hours(sale.minutes) * sale.hour_price

    def action_sell(self):
        self.contract_id._check_agreed()
        """Sell, and show the package with its invoice."""
        self.ensure_one()
        self._check_terms()
        self.contract_id.check_access("write")
        contract = self.contract_id
        # sudo: back office sells and need not be an accountant, who alone posts; the
        # package and its draft are made by this method only, for a contract it may
        # write.
        package = (
            self.env["service.hour.package"]
            .sudo()
            .with_company(contract.company_id)
            ._sell(
                [
                    {
                        "contract_id": not self.whole_customer and contract.id,
                        "company_id": contract.company_id.id,
                        "commercial_partner_id": contract.commercial_partner_id.id,
                        "date_from": self.date_from,
                        "months": self.months,
                        "sold_minutes": self.minutes,
                        "usable": self.usable,
                        "product_id": self.product_id.id,
                        "currency_id": contract.currency_id.id,
                        "hour_price": self.hour_price,
                        "bill_with": self.bill_with,
                        "rollover_minutes": self.rollover_minutes,
                    }
                ]
            )
        )
        return package.sudo(False)._get_records_action()

    def _check_terms(self):
        """Say what is wrong with a package before anything is written."""
        if not 1 <= self.months <= LONGEST_MONTHS:
            raise UserError(
                self.env._(
                    "A package is valid for 1 to 12 months; %s were entered.",
                    self.months,
                )
            )
        if self.minutes <= 0:
            raise UserError(
                self.env._("Enter the hours in the package, for instance 10:00.")
            )
        if self.hour_price < 0 or self.rollover_minutes < 0:
            raise UserError(self.env._("Prices and hours cannot be negative."))
        contract = self.contract_id
        over = contract.date_end and (
            self.date_from > contract.date_end
            or (contract.settled_until and contract.settled_until >= contract.date_end)
        )
        if self.bill_with == "contract" and over:
            raise UserError(
                self.env._(
                    "The contract “%s” has no next invoice. Choose a separate "
                    "invoice for the package.",
                    contract.display_name,
                )
            )
        if self.whole_customer and self.bill_with == "contract":
            raise UserError(
                self.env._(
                    "A package for all contracts of a customer needs a separate "
                    "invoice. Choose that, or sell the package for this contract "
                    "only."
                )
            )
