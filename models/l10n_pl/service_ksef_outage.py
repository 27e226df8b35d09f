from odoo import api, fields, models

from ...tools.guard import Guard, Seal
from ...tools.ksef_offline import Mode, Outage

OUTAGE = Seal("ksef_outage")
SERVICE, PERSON = "service", "person"
_GRAVEST = {mode: place for place, mode in enumerate(Mode)}


class ServiceKsefOutage(models.Model):
    """Days on which KSeF was away by the ministry's announcement.

    The status service tells of them where it is asked, and people enter what else the
    ministry announces. Where both speak of a day, the status service counts; people may
    end or delete what it said, as the law goes by the announcement alone.
    """

    _name = "service.ksef.outage"
    _description = "Announced Outage of KSeF"
    _inherit = ["service.guarded"]
    _order = "date_from desc, id desc"
    _rec_name = "announcement"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [
            (Mode.UNAVAILABLE, "Unavailability of KSeF"),
            (Mode.FAILURE, "Failure of KSeF"),
            (Mode.TOTAL, "Total failure of KSeF"),
        ],
        required=True,
        default=Mode.FAILURE,
        help="Unavailability (art. 106nh): KSeF gets the invoices by the next working "
        "day. Failure (art. 106nf): within seven working days. Total failure (art. "
        "106ng): it never gets them.",
    )
    date_from = fields.Date(string="First Day", required=True)
    date_to = fields.Date(string="Last Day", help="Empty while it lasts.")
    announcement = fields.Char(required=True, help="Where the ministry announced it.")
    told_by = fields.Selection(
        [(PERSON, "Entered"), (SERVICE, "Status service")],
        default=PERSON,
        readonly=True,
        required=True,
    )

    _days_in_order = models.Constraint(
        "CHECK(date_to >= date_from)", "An outage ends on the day it began, or later."
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), Guard(frozenset({"told_by"}), OUTAGE))

    @api.model
    def _of_company(self, company):
        # sudo: what was announced is the same for everybody
        return self.sudo().search([("company_id", "=", company.id)])

    @api.model
    def _on(self, company, day):
        """The outage that a day of a company falls into, if any: the gravest one, of
        those the status service told of where it told of any."""
        outages = self._of_company(company).filtered(
            lambda one: one.date_from <= day and (not one.date_to or one.date_to >= day)
        )
        return outages.sorted(
            lambda one: (one.told_by != SERVICE, _GRAVEST[Mode(one.kind)])
        )[:1]

    def _facts(self):
        return [
            Outage(Mode(one.kind), one.date_from, one.date_to or None) for one in self
        ]

    @api.model
    def _lasting(self, company):
        """What the status service told of and has not called off."""
        return self._of_company(company).filtered(
            lambda one: one.told_by == SERVICE and not one.date_to
        )

    @api.model
    def _note_word(self, company, word):
        """Keep what the status service says of today."""
        today = company._service_day()
        lasting = self._lasting(company)
        over = lasting.filtered(lambda one: one.kind != word.mode)
        for outage in over:
            outage.date_to = max(today, outage.date_from)
        if word.mode and not lasting - over:
            self.sudo().with_context(**OUTAGE.opened).create(  # sudo: see `_of_company`
                {
                    "company_id": company.id,
                    "kind": word.mode,
                    "date_from": today,
                    "announcement": word.title or self.env._("KSeF status service"),
                    "told_by": SERVICE,
                }
            )
