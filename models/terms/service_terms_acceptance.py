from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.groups import OFFICE

CHANNELS = [
    ("portal", "Customer portal"),
    ("link", "Link from an e-mail"),
    ("phone", "By phone"),
]
ACTION = "helpdesk_service_contract.service_terms_acceptance_action"


class ServiceTermsAcceptance(models.Model):
    """The versions of terms that a named person accepted, once.

    Acceptances are added, and never change.
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
    given_at = fields.Datetime(string="When", required=True, readonly=True)
    channel = fields.Selection(CHANNELS, string="How", required=True, readonly=True)
    address = fields.Char(
        string="IP Address",
        readonly=True,
        groups=OFFICE,
        help="The IP address the click came from.",
    )
    phone = fields.Char(readonly=True, groups=OFFICE)
    recorded_by_id = fields.Many2one(
        "res.users", readonly=True, help="Who took the acceptance by phone."
    )
    line_ids = fields.One2many(
        "service.terms.acceptance.line", "acceptance_id", string="Accepted Versions"
    )

    version_ids = fields.Many2many(
        "service.terms.version",
        string="Accepted",
        compute="_compute_version_ids",
        store=True,
        help="The versions that were accepted. Empty where only statements were made.",
    )

    @api.depends("person_name", "given_at")
    def _compute_display_name(self):
        for acceptance in self:
            acceptance.display_name = self.env._(
                "Acceptance %(number)s, %(person)s",
                number=acceptance.id or "–",
                person=acceptance.person_name or "–",
            )

    @api.depends("line_ids.version_id")
    def _compute_version_ids(self):
        for acceptance in self:
            acceptance.version_ids = acceptance.line_ids.version_id

    @api.model
    def _action_of(self, domain):
        """The list of some acceptances."""
        action = self.env["ir.actions.act_window"]._for_xml_id(ACTION)
        return action | {"domain": [*domain], "context": {}}

    @api.model
    def _record(self, person, company, given, versions=(), **more):
        """Keep what ``person`` agreed to; the one writer of acceptances.

        :param given: how and when: ``channel``, ``given_at`` (UTC), ``address`` and
            ``phone``
        :param versions: published versions that were accepted
        :param more: what else ``_prepare`` takes
        """
        vals = self._prepare(person, company, given, versions, **more)
        # sudo: nobody has the right to write acceptances but this method
        return self.sudo()._adding().create(vals).with_env(self.sudo().env)

    @api.model
    def _prepare(self, person, company, given, versions, **more):
        """Values of an acceptance; other packages add what they ask for."""
        self._check_given(given, versions, **more)
        return given | {
            "person_id": person.id,
            "person_name": person.name,
            "commercial_partner_id": person.commercial_partner_id.id,
            "company_id": company.id,
            "recorded_by_id": given["channel"] == "phone" and self.env.uid,
            "line_ids": [
                fields.Command.create(
                    {"version_id": version.id, "text_hash": version.text_hash}
                )
                for version in versions
            ],
        }

    @api.model
    def _check_given(self, given, versions, **more):
        if given["given_at"] > fields.Datetime.now():
            raise ValidationError(
                self.env._("An acceptance cannot be in the future. Correct the time.")
            )
        if not self._agrees_to_anything(given, versions, **more):
            raise ValidationError(
                self.env._("Tick what was accepted: nothing is ticked yet.")
            )
        for version in versions:
            if not version._was_known_at(given["given_at"]):
                raise ValidationError(
                    self.env._(
                        "“%s” had not been published by then, so nobody can have "
                        "accepted it. Correct the time.",
                        version.display_name,
                    )
                )

    @api.model
    def _agrees_to_anything(self, given, versions, **more):
        return bool(versions)
