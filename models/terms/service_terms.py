from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools import consent
from ...tools.guard import Guard, Seal

PUBLISHING = Seal("publishing")
PUBLISHED = Guard(frozenset({"published_at"}), PUBLISHING)
KINDS = [
    ("regulations", "Terms of Service"),
    ("price_list", "Price list"),
]


class ServiceTerms(models.Model):
    """A document customers accept before remote help, and all its versions."""

    _name = "service.terms"
    _description = "Terms and Price Lists"
    _inherit = ["service.guarded", "mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    kind = fields.Selection(KINDS, required=True, default="regulations", tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    tier_ids = fields.Many2many(
        "service.tier",
        string="Tiers",
        check_company=True,
        help="Customers must accept this document before remote help under these "
        "tiers. Leave empty for all tiers.",
    )
    version_ids = fields.One2many("service.terms.version", "terms_id")
    # Written with every version, so that two that are published at once meet here.
    published_at = fields.Datetime(string="Last Published", readonly=True, copy=False)
    acceptance_count = fields.Integer(
        string="Acceptances", compute="_compute_acceptance_count"
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), PUBLISHED)

    def write(self, vals):
        published = self.filtered("published_at")
        if any(
            vals.get("kind", terms.kind) != terms.kind
            or vals.get("company_id", terms.company_id.id) != terms.company_id.id
            for terms in published
        ):
            raise UserError(
                self.env._(
                    "Versions of this document have been published, so its kind "
                    "and company cannot change. Archive it and add another "
                    "document instead."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.version_ids._check_unpublished()

    @api.model
    def _applying(self, company, tiers):
        """Documents that whoever is helped remotely under ``tiers`` accepts."""
        # sudo: what must be accepted is the same for everybody
        return self.sudo().search(
            Domain("company_id", "=", company.id)
            & (Domain("tier_ids", "=", False) | Domain("tier_ids", "in", tiers.ids))
        )

    def _published(self):
        """Published versions of these documents, as ``tools`` take them."""
        return [
            consent.Version(
                version.id,
                version.terms_id.id,
                consent.DocumentKind(version.terms_id.kind),
                version.lang,
                version.number,
                version.in_force_from,
            )
            for version in self.version_ids
            if version.state == "published"
        ]

    def _note_published(self, version):
        """Say in the chatter what was published."""
        self.with_context(**PUBLISHING.opened).published_at = version.published_at
        self.message_post(
            body=self.env._(
                "“%(version)s” (%(language)s) is published and takes effect on "
                "%(day)s.",
                version=version.display_name,
                language=version._language(),
                day=format_date(self.env, version.in_force_from),
            )
        )

    def _in_force(self, day):
        """Versions of these documents that count on ``day``, in every language."""
        return self.env["service.terms.version"].browse(
            version.id for version in consent.in_force(self._published(), day)
        )

    @api.depends("version_ids")
    def _compute_acceptance_count(self):
        for terms in self:
            terms.acceptance_count = sum(terms.version_ids.mapped("acceptance_count"))

    def action_open_acceptances(self):
        return self.version_ids.action_open_acceptances()
