from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.groups import BACK_OFFICE
from ...tools.guard import Guard

# Follows from the contact.
CUSTOMER = Guard(frozenset({"commercial_partner_id"}))


class ContractContract(models.Model):
    _name = "contract.contract"
    _inherit = ["service.guarded", "contract.contract"]

    code = fields.Char(string="Contract Number", copy=False)
    service_tier_id = fields.Many2one(
        "service.tier",
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        copy=False,
        help="Makes this a service contract: the customer's tickets are handled, rated "
        "and billed under this tier.",
    )
    service_tier_kind = fields.Selection(related="service_tier_id.kind")
    client_order_ref = fields.Char(
        string="Customer's Order Number",
        help="Printed on every invoice of the contract, for customers who require it.",
    )
    prorate_fees = fields.Boolean(tracking=True)

    counts_from = fields.Date(
        compute="_compute_counts_from",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="Earlier days of the contract were billed elsewhere: their fees, hours "
        "and work do not count here. Empty where it counts from its start.",
    )

    _code_unique = models.UniqueIndex(
        "(company_id, TRIM(code)) WHERE service_tier_id IS NOT NULL AND"
        " TRIM(code) <> ''",
        "Another service contract of the company has this number. Choose another one, "
        "or leave it empty.",
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), CUSTOMER)

    @api.depends("company_id")
    def _compute_counts_from(self):
        for contract in self:
            contract.counts_from = (
                contract.counts_from or contract.company_id.service_counts_from
            )

    def _first_day(self):
        """The first day of the contract that is billed and whose hours count here."""
        return max(self.date_start, self.counts_from or self.date_start)

    @api.depends("service_tier_id")
    def _compute_date_end(self):
        """Its fees may end earlier, but tickets are served until the contract ends."""
        serving = self.filtered("service_tier_id")
        result = super(ContractContract, self - serving)._compute_date_end()
        for contract in serving:
            contract.date_end = contract.date_end
        return result

    def _get_computed_currency(self):
        """A pricelist names the currency, also of fees whose price is given by hand."""
        if self.service_tier_id and self.pricelist_id:
            return self.pricelist_id.currency_id
        return super()._get_computed_currency()

    @api.constrains("service_tier_id", "date_start", "date_end", "line_recurrence")
    def _check_service_dates(self):
        for contract in self.filtered("service_tier_id"):
            if not contract.date_start or contract.line_recurrence:
                raise ValidationError(
                    self.env._(
                        "A service contract needs one start date for all its "
                        "lines. Switch off recurrence at line level and enter the "
                        "date."
                    )
                )
            contract._check_order_of_days(contract.date_start, contract.date_end)

    def _check_order_of_days(self, start, end):
        if start and end and end < start:
            raise ValidationError(
                self.env._(
                    "The contract “%s” ends before it starts. Correct one of the "
                    "dates.",
                    self.display_name,
                )
            )

    @api.constrains("active", "date_end", "service_tier_id")
    def _check_archived_ends(self):
        """What an archived contract owes is billed, so its fees must come to an end."""
        for contract in self.filtered("service_tier_id"):
            if contract.active or not contract._is_agreed():
                continue
            if not contract.date_end:
                raise ValidationError(
                    self.env._(
                        "The contract “%s” has no end date, so its fee would be "
                        "billed indefinitely. Set an end date, then archive it.",
                        contract.display_name,
                    )
                )

    @api.constrains("company_id", "service_tier_id")
    def _check_tax_of_fees(self):
        self.contract_line_ids._check_tax_of_fee()

    def _is_service(self):
        """Whether this is a contract, and not just the price list."""
        # sudo: the kind of a tier is no secret
        tier = self.sudo().service_tier_id
        return bool(tier) and tier._coverage_rules().kind != "ad_hoc"

    @api.model
    def _ad_hoc_contracts(self, customers, companies):
        """Contracts for work of customers by the price list, the one to use first.

        A contract without a promise: under a tier of the kind “ad hoc”, with no fee.
        """
        return self.search(
            Domain("service_tier_id.kind", "=", "ad_hoc")
            & Domain("commercial_partner_id", "in", customers.ids)
            & Domain("company_id", "in", companies.ids)
            & Domain("contract_type", "=", "sale"),
            order="date_end DESC NULLS FIRST, id",
        )

    @api.model
    def _open_ad_hoc_contract(self, partner, company, day):
        """Make the contract for work by the price list; none without such a tier."""
        tier = self.env["service.tier"]._first(company, "ad_hoc")
        if not tier:
            return self.browse()
        customer = partner.commercial_partner_id
        # Who logs the first work is neither its salesperson nor its follower: who is
        # reads what is invoiced, and answers what the customer asks about it.
        contracts = self.with_company(company).with_context(
            mail_create_nosubscribe=True
        )
        return contracts.create(
            {
                "name": self.env._("Ad Hoc: %s", customer.display_name),
                "partner_id": customer.id,
                "user_id": company._responsible(BACK_OFFICE).id,
                "company_id": company.id,
                "service_tier_id": tier.id,
                "date_start": day,
                "recurring_rule_type": "monthlylastday",
                "recurring_invoicing_type": "post-paid",
            }
        )

    def _in_force(self, day):
        """Whether work of ``day`` is under the contract, archived or not."""
        self.ensure_one()
        if not (self.service_tier_id and self._is_agreed()):
            return False
        return self.date_start <= day <= (self.date_end or date.max)

    @api.model
    def _in_force_domain(self, first, last):
        """What ``_in_force`` finds on any day from ``first`` to ``last``."""
        return (
            Domain("service_tier_id", "!=", False)
            & self._agreed_domain()
            & Domain("date_start", "<=", last)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", first))
        )

    def _period_label(self, first, last):
        """“2026-10-01 – 2026-10-31” as the customer writes dates."""
        return self._days_label(first, last, self.partner_id.lang)

    @api.model
    def _days_label(self, first, last, lang):
        lang_code = lang or self.env.lang
        return (
            f"{format_date(self.env, first, lang_code=lang_code)} – "
            f"{format_date(self.env, last, lang_code=lang_code)}"
        )
