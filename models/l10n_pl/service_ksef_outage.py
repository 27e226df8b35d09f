from odoo import api, fields, models


class ServiceKsefOutage(models.Model):
    """Days on which KSeF was announced to fail (VAT act art. 106nf).

    People enter what the ministry announces: they read it there, and an answer of KSeF
    or of its status service alone does not make a failure in the sense of the law.
    """

    _name = "service.ksef.outage"
    _description = "Announced Failure of KSeF"
    _order = "first_day desc, id desc"
    _rec_name = "announcement"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    first_day = fields.Date(required=True)
    last_day = fields.Date(help="Empty while the failure lasts.")
    announcement = fields.Char(required=True, help="Where the ministry announced it.")

    _days_in_order = models.Constraint(
        "CHECK(last_day >= first_day)", "A failure ends on the day it began, or later."
    )

    @api.model
    def _failure_on(self, company, day):
        """The announced failure that a day of a company falls into, if any."""
        # sudo: what was announced is the same for everybody
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("first_day", "<=", day),
                "|",
                ("last_day", "=", False),
                ("last_day", ">=", day),
            ],
            limit=1,
        )
