from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import email_normalize

from ...tools import consent_form


class ServicePhoneAcceptance(models.TransientModel):
    """What a person at the computer agreed to on the phone, as somebody noted it.

    A part of it may be noted; what is not ticked was not said.
    """

    _name = "service.phone.acceptance"
    _description = "Acceptance by Phone"

    session_id = fields.Many2one("service.remote.session", required=True)
    ticket_id = fields.Many2one(related="session_id.ticket_id", related_sudo=False)
    customer_id = fields.Many2one(
        related="session_id.commercial_partner_id", related_sudo=False
    )
    who = fields.Selection(
        [("known", "A contact of the customer"), ("new", "New contact")],
        compute="_compute_person_id",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    person_id = fields.Many2one(
        "res.partner",
        string="Person at the Computer",
        compute="_compute_person_id",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        domain="[('commercial_partner_id', '=', customer_id),"
        " ('is_company', '=', False), ('type', '=', 'contact')]",
    )
    new_name = fields.Char(string="Full Name")
    new_email = fields.Char(string="E-mail")
    given_at = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now
    )
    phone = fields.Char(
        string="Phone Number",
        compute="_compute_phone",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="The number the person called from or was called at.",
    )
    line_ids = fields.One2many(
        "service.phone.acceptance.line",
        "wizard_id",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    asks_statements = fields.Boolean(compute="_compute_asks_statements")
    recording = fields.Selection(
        [("no", "No"), ("yes", "Yes, the person consented to recording")],
        required=True,
        default="no",
        help="Voluntary: ask for it, but do not insist.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards.session_id._check_notable()
        return wizards

    def write(self, vals):
        result = super().write(vals)
        self.session_id._check_notable()
        return result

    @api.depends("session_id")
    def _compute_person_id(self):
        for wizard in self:
            wizard.person_id = wizard.session_id.person_id
            wizard.who = "known" if wizard.person_id else "new"

    @api.depends("person_id", "who")
    def _compute_phone(self):
        for wizard in self:
            known = wizard.who == "known"
            wizard.phone = known and wizard.person_id.phone

    @api.depends("session_id", "person_id", "who")
    def _compute_line_ids(self):
        for wizard in self:
            rows = wizard._rows(wizard._missing())
            wizard.line_ids = [
                Command.clear(),
                *(Command.create(row) for row in rows),
            ]

    @api.depends("line_ids.statement")
    def _compute_asks_statements(self):
        for wizard in self:
            wizard.asks_statements = any(wizard.line_ids.mapped("statement"))

    def _person(self):
        known = self.who == "known"
        return self.person_id if known else self.env["res.partner"]

    def _missing(self):
        """What whoever is on the phone has not agreed to yet for this session."""
        pages = self.env["service.consent.page"]
        return pages._missing_for(self.session_id, self._person())

    def _rows(self, missing):
        """Rows in the words to read out: those of the person's language."""
        lang = self._lang()
        # sudo: a document that is read out is no secret
        versions = self.env["service.terms.version"].sudo().with_context(lang=lang)
        wording = self._wording()
        return [
            *(
                {
                    "version_id": version.id,
                    "words": versions.browse(version.id).display_name,
                }
                for version in missing.versions
            ),
            *(
                {"statement": made, "words": wording[made]}
                for made in consent_form.asked(missing)
            ),
        ]

    def _lang(self):
        return self._person().lang or self.customer_id.lang or self.env.lang

    def _wording(self):
        """The statements as they are read out; who notes them reads the rest."""
        acceptances = self.env["service.terms.acceptance"]
        return acceptances.with_context(lang=self._lang())._wording()

    def action_record(self):
        """Keep what was ticked, and who noted it."""
        self.ensure_one()
        session = self.session_id
        session._check_notable()
        ticked = self._ticked()
        person = self._person() if self.who == "known" else self._new_person()
        if not person:
            raise ValidationError(self.env._("Enter who accepted it by phone."))
        session._change_person(person)
        session._agreed(self._acceptance(person, ticked))
        self._forget(person)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _ticked(self):
        if not self.phone:
            raise ValidationError(
                self.env._("Enter the phone number at which it was accepted.")
            )
        ticked = self.line_ids.filtered("agreed")
        if not ticked:
            raise ValidationError(
                self.env._("Tick what was accepted: nothing is ticked yet.")
            )
        return ticked

    def _acceptance(self, person, ticked):
        missing = self._missing()
        self._check_rows(ticked, missing)
        asked = bool(consent_form.asked(missing))
        return self.env["service.terms.acceptance"]._record(
            person,
            self.session_id.company_id,
            {
                "channel": "phone",
                "given_at": self.given_at,
                "phone": self.phone,
                "recording": asked and self.recording == "yes",
            }
            | {line.statement: True for line in ticked if line.statement},
            # sudo: a document that was read out is no secret
            versions=ticked.version_id.sudo(),
            session=self.session_id,
            wording=self._wording(),
        )

    def _check_rows(self, ticked, missing):
        """Only what is still missing is noted: that may have changed meanwhile."""
        versions = {version.id for version in missing.versions}
        asked = {str(name) for name in consent_form.asked(missing)}
        made = set(ticked.filtered("statement").mapped("statement"))
        if set(ticked.version_id.ids) - versions or made - asked:
            raise UserError(
                self.env._(
                    "Some of it has already been accepted, or another version has "
                    "come into force. Close this window and open it again."
                )
            )
        if asked and self.recording == "yes" and not made:
            raise UserError(
                self.env._(
                    "Consent to recording is given together with the statements "
                    "for the session. Tick those as well, or choose not to record."
                )
            )

    def _forget(self, person):
        """Leave nothing to record to anyone who presses the button again."""
        if self.who == "new":
            self.write({"who": "known", "person_id": person.id})
        self.line_ids.agreed = False

    def _new_person(self):
        """A new contact of the ticket's customer: technicians create no partners."""
        name, address = (self.new_name or "").strip(), self.new_email
        if not name:
            raise ValidationError(self.env._("Enter who accepted it by phone."))
        if address and not email_normalize(address):
            raise ValidationError(
                self.env._("“%s” is not an e-mail address. Correct it.", address)
            )
        self.ticket_id.check_access("read")
        # sudo: a contact of the customer of a ticket that the technician works on, and
        # of nobody else; they have no right to create partners
        return (
            self.env["res.partner"]
            .sudo()
            .create(
                {
                    "name": name,
                    "email": address,
                    "phone": self.phone,
                    "parent_id": self.customer_id.id,
                    "type": "contact",
                    "lang": self.customer_id.lang,
                    "company_id": self.customer_id.company_id.id,
                }
            )
        )
