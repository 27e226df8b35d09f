from odoo import api, fields, models


class ContractTemplate(models.Model):
    """The hours of an offer. Contracts have the same terms, each its own."""

    _inherit = "contract.template"

    allowance_minutes = fields.Integer(
        string="Included Hours",
        help="Included in the fee and granted for each allowance period. Hours not "
        "used by its end expire, unless the contract lets some of them carry over.",
    )
    allowance_months = fields.Selection(
        [("1", "Monthly"), ("3", "Quarterly"), ("12", "Yearly")],
        string="Allowance Period",
        required=True,
        default="1",
    )
    allowance_anchor = fields.Selection(
        [("calendar", "Calendar periods"), ("start", "From contract start")],
        string="Period Start",
        required=True,
        default="calendar",
        help="Whether a month begins on its first day, or on the day of the month the "
        "contract started on.",
    )
    rollover_minutes = fields.Integer(
        string="Carry-Over Limit",
        help="Unused hours, up to this limit, can be used for one more period.",
    )
    whole_allowances = fields.Boolean(
        string="Whole Hours in a Part Period",
        help="All hours are included in a period in which the contract starts or ends, "
        "also where its fee goes by days. Switched off, the hours are shared as the "
        "fee is, and every started quarter of an hour counts.",
    )
    overage_policy = fields.Selection(
        [
            ("bill", "Bill them"),
            ("ask", "Not covered: sell a package or waive them"),
        ],
        string="Hours Outside Packages",
        required=True,
        default="bill",
    )
    low_balance_percent = fields.Integer(
        string="Low-Balance Alert",
        default=20,
        help="Back office is notified once, when no more than this share of a package "
        "is left; 0 switches the alert off.",
    )
    expiry_notice_days = fields.Integer(
        string="Expiry Alert",
        default=14,
        help="Back office is notified once, this many days before a prepaid package "
        "with hours left ends; 0 switches the alert off.",
    )
    notify_customer = fields.Boolean(
        string="Also Notify the Customer",
        help="By e-mail, when hours run low or are about to expire.",
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
        "Alerts can be set at 0 to 100 percent of the hours, and 0 to 365 days "
        "before the end.",
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
