from odoo import api, fields, models


class ContractTemplate(models.Model):
    """The hours of an offer. Contracts have the same terms, each its own."""

    _inherit = "contract.template"

    allowance_minutes = fields.Integer(
        string="Included Hours",
        help="Included in the fee, granted for each allowance period. What is not used "
        "by its end is lost, unless the contract lets some of it carry over.",
    )
    allowance_months = fields.Selection(
        [("1", "Each month"), ("3", "Each quarter"), ("12", "Each year")],
        string="Allowance Period",
        required=True,
        default="1",
    )
    allowance_anchor = fields.Selection(
        [("calendar", "By the calendar"), ("start", "From the contract's start")],
        string="Periods Begin",
        required=True,
        default="calendar",
        help="Whether a month begins on its first day, or on the day of the month the "
        "contract started on.",
    )
    rollover_minutes = fields.Integer(
        string="Carry Over up to",
        help="Unused hours, up to this many, may be used for one more period.",
    )
    whole_allowances = fields.Boolean(
        string="Whole Hours in a Part Period",
        help="All hours are included in a period in which the contract starts or ends, "
        "also where its fee goes by days. Switched off, the hours are shared as the "
        "fee is, and every started quarter of an hour counts.",
    )
    overage_policy = fields.Selection(
        [
            ("bill", "Are billed"),
            ("ask", "Are not covered: sell a package or waive them"),
        ],
        string="Hours beyond Packages",
        required=True,
        default="bill",
    )
    low_balance_percent = fields.Integer(
        string="Notify When Left",
        default=20,
        help="Back office is told once when a package has no more than this part left; "
        "0 switches it off.",
    )
    expiry_notice_days = fields.Integer(
        string="Notify Before the End",
        default=14,
        help="Back office is told once, this many days before a prepaid package with "
        "hours left ends; 0 switches it off.",
    )
    notify_customer = fields.Boolean(
        string="Notify the Customer Too", help="By e-mail, at the same moments."
    )

    _allowance_not_negative = models.Constraint(
        "CHECK(allowance_minutes >= 0)", "Included hours cannot be negative."
    )
    _rollover_not_negative = models.Constraint(
        "CHECK(rollover_minutes >= 0)", "Hours to carry over cannot be negative."
    )

    _notices_in_range = models.Constraint(
        "CHECK(COALESCE(low_balance_percent, 0) BETWEEN 0 AND 100"
        " AND COALESCE(expiry_notice_days, 0) BETWEEN 0 AND 365)",
        "Notices are due at 0 to 100 percent, and 0 to 365 days before the end.",
    )

    @api.model
    def _offered_terms(self):
        return (
            *super()._offered_terms(),
            "allowance_anchor",
            "allowance_minutes",
            "allowance_months",
            "expiry_notice_days",
            "low_balance_percent",
            "notify_customer",
            "overage_policy",
            "rollover_minutes",
            "whole_allowances",
        )
