from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import LazyTranslate, format_date, is_html_empty

from ...tools import document
from ...tools.guard import Guard
from .service_terms import PUBLISHING

_lt = LazyTranslate(__name__)
PUBLISHED = Guard(
    frozenset({"number", "published_at", "published_by_id", "state", "text_hash"}),
    PUBLISHING,
    message=_lt(
        "The date and author of publication are set only by publishing the version."
    ),
)


class ServiceTermsVersion(models.Model):
    """One wording of a document. Once published it never changes."""

    _name = "service.terms.version"
    _inherit = ["service.guarded"]
    _description = "Terms Version"
    _order = "terms_id, lang, number desc, id desc"

    terms_id = fields.Many2one(
        "service.terms", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(related="terms_id.kind")
    company_id = fields.Many2one(
        related="terms_id.company_id", store=True, index=True, precompute=True
    )
    number = fields.Integer(
        string="Version",
        readonly=True,
        copy=False,
        help="Numbered separately in each language.",
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        required=True,
        default=lambda self: self._default_lang(),
    )
    text = fields.Html(sanitize=True, sanitize_attributes=True)
    # In the row itself: an attachment could be changed behind the back of the version.
    pdf = fields.Binary(string="PDF File", attachment=False)
    pdf_name = fields.Char()
    in_force_from = fields.Date(
        required=True,
        default=lambda self: self.env.company.sudo()._service_day(),
        copy=False,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    published_at = fields.Datetime(readonly=True, copy=False)
    published_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    text_hash = fields.Char(
        string="SHA-256",
        readonly=True,
        copy=False,
        help="The fingerprint of the text and the file, kept with every acceptance.",
    )
    acceptance_count = fields.Integer(
        string="Acceptances", compute="_compute_acceptance_count"
    )

    _number_once = models.Constraint(
        "UNIQUE(terms_id, lang, number)",
        "This version of the document already exists. Try again.",
    )

    @api.model
    def _default_lang(self):
        return self.env.company.partner_id.lang or self.env.user.lang

    @api.depends("terms_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(document)s, version %(number)s",
                document=version.terms_id.name or "–",
                number=version.number or "–",
            )

    @api.model
    def _guards(self):
        return (*super()._guards(), PUBLISHED)

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        for version in versions:
            [(last,)] = self._read_group(
                [("terms_id", "=", version.terms_id.id), ("lang", "=", version.lang)],
                aggregates=["number:max"],
            )
            version.with_context(**PUBLISHING.opened).number = (last or 0) + 1
        return versions

    def write(self, vals):
        if not PUBLISHING.is_open(self.env.context):
            self._check_unpublished()
            if {"lang", "terms_id"} & set(vals):
                raise UserError(
                    self.env._(
                        "A version keeps its document and language. Add another "
                        "version instead."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_unpublished()

    def _check_unpublished(self):
        published = self.filtered(lambda version: version.state == "published")
        if published:
            raise UserError(
                self.env._(
                    "“%s” is published and never changes: customers have accepted it "
                    "as it is. Publish a new version instead.",
                    published[0].display_name,
                )
            )

    def action_publish(self):
        """Publish for good: the text is frozen, and supersedes the version before."""
        self.check_access("write")
        for version in self:
            version._check_unpublished()
            version._check_publishable()
            version.with_context(**PUBLISHING.opened).write(
                {
                    "state": "published",
                    "published_at": fields.Datetime.now(),
                    "published_by_id": self.env.uid,
                    "text_hash": version._digest(),
                }
            )
            version.terms_id._note_published(version)
            self.env["service.terms.notice"]._announce(version)
        return self.terms_id._notify_outdated()

    def _check_publishable(self):
        if is_html_empty(self.text) and not self.pdf:
            raise ValidationError(
                self.env._("Write the text of the version, or add its PDF file.")
            )
        self._check_unchangeable()
        before = self.terms_id.version_ids.filtered(
            lambda other: other.state == "published" and other.lang == self.lang
        )
        if any(other.number > self.number for other in before):
            raise ValidationError(
                self.env._(
                    "A later version has already been published. Add a new version "
                    "for what should apply now."
                )
            )
        today = self.company_id.sudo()._service_day()
        # One that is only announced may be overtaken, as by a day that was mistyped.
        if before and self.in_force_from < today:
            raise ValidationError(
                self.env._(
                    "Customers accepted the previous version in good faith, so the "
                    "next one cannot take effect before %s. Choose that day or a "
                    "later one.",
                    format_date(self.env, today),
                )
            )

    def _was_known_at(self, moment):
        """Whether somebody can have accepted the version at ``moment``, in UTC."""
        self.ensure_one()
        if self.state != "published":
            return False
        company = self.company_id.sudo()
        # Only a first version is dated back: it was handed out on paper before it was
        # entered here, so it may have been accepted since its first day.
        if self.in_force_from < company._service_day(self.published_at):
            return company._service_day(moment) >= self.in_force_from
        # Dialogs ask for minutes.
        return moment >= self.published_at.replace(second=0)

    def _digest(self):
        """The SHA-256 of text and file, in hexadecimal."""
        self.ensure_one()
        return document.fingerprint(self.text or "", self._pdf_bytes())

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
