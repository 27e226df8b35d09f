from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.consent import Statement

CHANNELS = [
    ("portal", "Customer portal"),
    ("link", "Link from an e-mail"),
    ("phone", "By phone"),
]
# Where somebody clicked or called from is evidence, and of no use to technicians.
OFFICE = (
    "helpdesk_service_contract.group_back_office,"
    "account.group_account_invoice,account.group_account_readonly"
)


class ServiceTermsAcceptance(models.Model):
    """What a named person agreed to, once: versions of terms, and statements.

    Statements count for one session. Acceptances are added, and never change.
    """

    _name = "service.terms.acceptance"
    _inherit = ["service.evidence"]
    _description = "Acceptance of Terms"
    _order = "given_at desc, id desc"

    person_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict", readonly=True
    )
    person_name = fields.Char(required=True, readonly=True)
    commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    session_id = fields.Many2one(
        "service.remote.session",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    ticket_id = fields.Many2one(related="session_id.ticket_id")
    given_at = fields.Datetime(string="When", required=True, readonly=True)
    channel = fields.Selection(CHANNELS, string="How", required=True, readonly=True)
    address = fields.Char(
        string="Network Address",
        readonly=True,
        groups=OFFICE,
        help="Where the click came from.",
    )
    phone = fields.Char(readonly=True, groups=OFFICE)
    recorded_by_id = fields.Many2one(
        "res.users", readonly=True, help="Who was told so by phone."
    )
    entitled = fields.Boolean(
        string="Entitled to the Computer", readonly=True, default=False
    )
    backup = fields.Boolean(string="Has a Backup", readonly=True, default=False)
    present = fields.Boolean(string="Will Be Present", readonly=True, default=False)
    recording = fields.Boolean(
        string="Consents to Recording", readonly=True, default=False
    )
    wording = fields.Json(
        readonly=True, help="The statements as they were shown, by name."
    )
    line_ids = fields.One2many(
        "service.terms.acceptance.line", "acceptance_id", string="Accepted Versions"
    )

    @api.depends("person_name", "given_at")
    def _compute_display_name(self):
        for acceptance in self:
            acceptance.display_name = self.env._(
                "Acceptance %(number)s, %(person)s",
                number=acceptance.id or "–",
                person=acceptance.person_name or "–",
            )

    @api.model
    def _wording(self):
        """The statements in the language of the reader, by the name of the field."""
        return {
            "entitled": self.env._(
                "I am entitled to the computer that I share with the technician."
            ),
            "backup": self.env._(
                "I have a backup from which its state before the changes can be "
                "restored."
            ),
            "present": self.env._(
                "I will be at the computer for the whole session, watch what is done "
                "and work together with the technician."
            ),
            "recording": self.env._("I agree that the session is recorded."),
        }

    @api.model
    def _record(self, person, company, given, versions=(), session=None, wording=None):
        """Keep what ``person`` agreed to; the one writer of acceptances.

        :param given: how and when: ``channel``, ``given_at`` (UTC), ``address``,
            ``phone``, and the statements that were made, by name
        :param versions: published versions that were accepted
        :param session: the session the statements are for, which has not begun
        :param wording: the statements as they were shown, where not in the language
            of the reader
        """
        session = session or self.env["service.remote.session"]
        vals = self._prepare(person, company, given, versions, session, wording)
        # sudo: nobody has the right to write acceptances but this method
        return self.sudo()._adding().create(vals)

    @api.model
    def _prepare(self, person, company, given, versions, session, wording):
        self._check_given(given, versions, session)
        session._check_planned()
        return given | {
            "person_id": person.id,
            "person_name": person.name,
            "commercial_partner_id": person.commercial_partner_id.id,
            "company_id": company.id,
            "session_id": session.id,
            "recorded_by_id": given["channel"] == "phone" and self.env.uid,
            "wording": (wording or self._wording()) if session else False,
            "line_ids": [
                fields.Command.create(
                    {"version_id": version.id, "text_hash": version.text_hash}
                )
                for version in versions
            ],
        }

    @api.model
    def _check_given(self, given, versions, session):
        if given["given_at"] > fields.Datetime.now():
            raise ValidationError(
                self.env._("Nobody accepts in the future. Correct the time.")
            )
        made = {name for name in [*Statement, "recording"] if given.get(name)}
        if not versions and not (session and made):
            raise ValidationError(
                self.env._("Tick what was agreed to: nothing is ticked yet.")
            )
        for version in versions:
            if not version._was_known_at(given["given_at"]):
                raise ValidationError(
                    self.env._(
                        "“%s” was not published by then, so nobody can have accepted "
                        "it. Correct the time.",
                        version.display_name,
                    )
                )
