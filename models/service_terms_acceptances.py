from odoo import api, fields, models
from odoo.fields import Domain

ACTION = "helpdesk_service_contract.service_terms_acceptance_action"
READERS = (
    "helpdesk_service_contract.group_technician,"
    "account.group_account_invoice,account.group_account_readonly"
)


class ServiceTermsAcceptance(models.Model):
    """What acceptances are searched and grouped by."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "service.terms.acceptance"

    version_ids = fields.Many2many(
        "service.terms.version",
        string="Accepted",
        compute="_compute_version_ids",
        store=True,
        help="The versions that were accepted. Empty where only statements were made.",
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


class ServiceTermsVersion(models.Model):
    """How often a version was accepted."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "service.terms.version"

    acceptance_count = fields.Integer(
        string="Acceptances", compute="_compute_acceptance_count"
    )

    def _compute_acceptance_count(self):
        groups = self.env["service.terms.acceptance.line"]._read_group(
            [("version_id", "in", self.ids)], ["version_id"], ["__count"]
        )
        counts = dict(groups)
        for version in self:
            version.acceptance_count = counts.get(version._origin, 0)

    def action_open_acceptances(self):
        return self.env["service.terms.acceptance"]._action_of(
            [("version_ids", "in", self.ids)]
        )


class ServiceTerms(models.Model):
    """How often the versions of a document were accepted."""

    _inherit = "service.terms"  # pylint: disable=consider-merging-classes-inherited

    acceptance_count = fields.Integer(
        string="Acceptances", compute="_compute_acceptance_count"
    )

    @api.depends("version_ids")
    def _compute_acceptance_count(self):
        for terms in self:
            terms.acceptance_count = sum(terms.version_ids.mapped("acceptance_count"))

    def action_open_acceptances(self):
        return self.version_ids.action_open_acceptances()


class ResPartner(models.Model):
    """What a customer, or a person of theirs, has accepted."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    terms_acceptance_count = fields.Integer(
        string="Acceptances",
        compute="_compute_terms_acceptance_count",
        groups=READERS,
    )

    def _compute_terms_acceptance_count(self):
        acceptances = self.env["service.terms.acceptance"]
        counts = {}
        for name in ("person_id", "commercial_partner_id"):
            counts |= dict(
                acceptances._read_group([(name, "in", self.ids)], [name], ["__count"])
            )
        for partner in self:
            partner.terms_acceptance_count = counts.get(partner._origin, 0)

    def action_open_terms_acceptances(self):
        self.ensure_one()
        return self.env["service.terms.acceptance"]._action_of(
            Domain("person_id", "=", self.id)
            | Domain("commercial_partner_id", "=", self.id)
        )
