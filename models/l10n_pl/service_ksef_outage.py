from odoo import api, fields, models


class ServiceKsefOutage(models.Model):
    """Days on which KSeF was announced to fail (VAT act art. 106nf).

    People enter what the ministry announces: they read it there, and an answer of KSeF
    or of its status service alone does not make a failure in the sense of the law.
    """

    _name = "service.ksef.outage"
    _description = "Announced Failure of KSeF"
    _order = "date_from desc, id desc"
    _rec_name = "announcement"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(string="First Day", required=True)
    date_to = fields.Date(string="Last Day", help="Empty while the failure lasts.")
    announcement = fields.Char(required=True, help="Where the ministry announced it.")

    _days_in_order = models.Constraint(
        "CHECK(date_to >= date_from)", "A failure ends on the day it began, or later."
    )

    @api.model
    def _failure_on(self, company, day):
        """The announced failure that a day of a company falls into, if any."""
        # sudo: what was announced is the same for everybody
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ],
            limit=1,
        )
