from odoo import api, fields, models
from odoo.tools import format_date

from ...tools import consent
from ...tools.consent import Standing

STANDINGS = [
    ("draft", "Draft"),
    ("announced", "Announced"),
    ("in_force", "In force"),
    ("superseded", "Superseded"),
]


class ServiceTermsVersion(models.Model):
    """Whether a version counts today, by the company's clock."""

    _inherit = "service.terms.version"

    standing = fields.Selection(
        STANDINGS,
        string="Status",
        compute="_compute_standing",
        help="As of today. An announced version takes effect on its first day, and "
        "supersedes the previous one in its language.",
    )

    @api.depends(
        "in_force_from",
        "number",
        "state",
        "terms_id.version_ids.in_force_from",
        "terms_id.version_ids.state",
    )
    def _compute_standing(self):
        found = self.terms_id._standings()
        for version in self:
            version.standing = found.get(version._origin.id, "draft")

    def _language(self):
        """The name of the language, as its speakers say it."""
        names = dict(self.env["res.lang"].get_installed())
        return names.get(self.lang, self.lang).split(" / ")[-1]

    def action_new_version(self):
        """Open a draft of what comes after this version, with its text to begin with.

        A draft that is there already is gone on with.
        """
        self.ensure_one()
        self.check_access("write")
        same = self.terms_id.version_ids.filtered(lambda v: v.lang == self.lang)
        latest = same.sorted("number")[-1:]
        if latest.state == "published":
            today = self.company_id.sudo()._service_day()
            latest = latest.copy(
                {
                    "pdf": False,
                    "pdf_name": False,
                    "in_force_from": max(today, latest.in_force_from),
                }
            )
        return latest._open()

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }


class ServiceTerms(models.Model):
    """What of a document counts today, and what comes next."""

    _inherit = "service.terms"

    current = fields.Text(
        string="In Force Today",
        compute="_compute_current",
        help="The version in force today, in each language.",
    )
    coming = fields.Text(
        string="Upcoming Version",
        compute="_compute_current",
        help="Published versions that take effect on a later day.",
    )

    outdated = fields.Text(
        compute="_compute_outdated",
        help="Versions still in force in their language although another language "
        "has a newer one.",
    )

    @api.depends("version_ids.in_force_from", "version_ids.lang", "version_ids.state")
    def _compute_current(self):
        found = self._standings()
        for terms in self:
            by_standing = terms.version_ids.grouped(
                lambda version: found.get(version._origin.id)
            )
            for name, standing in (
                ("current", Standing.IN_FORCE),
                ("coming", Standing.ANNOUNCED),
            ):
                versions = by_standing.get(standing, terms.version_ids.browse())
                terms[name] = terms._in_words(versions)

    @api.depends("version_ids.in_force_from", "version_ids.lang", "version_ids.state")
    def _compute_outdated(self):
        for terms in self:
            today = terms.company_id.sudo()._service_day()
            found = consent.outdated(terms._published(), today)
            versions = terms.version_ids.browse(version.id for version in found)
            terms.outdated = terms._in_words(versions)

    def _notify_outdated(self):
        """A warning of languages that wait for what was published; or nothing."""
        waiting = "\n".join(filter(None, self.mapped("outdated")))
        return bool(waiting) and {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Published, but not in every language"),
                "message": self.env._(
                    "The following still apply to those who accepted them. Publish "
                    "the change in their language as well:\n%s",
                    waiting,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _standings(self):
        """How published versions of these documents stand today, by id."""
        found = {}
        for company, same in self.grouped("company_id").items():
            today = company.sudo()._service_day()
            found |= consent.standings(same._published(), today)
        return found

    def _in_words(self, versions):
        """A line for each version: language, number, and since or from when."""
        ordered = versions.sorted(lambda v: (v.lang, v.in_force_from, v.number))
        return "\n".join(
            self.env._(
                "%(language)s: version %(number)s, from %(day)s",
                language=version._language(),
                number=version.number,
                day=format_date(self.env, version.in_force_from),
            )
            for version in ordered
        )

    def action_new_version(self):
        """Open a draft of the next version, in the language the company writes in."""
        self.ensure_one()
        versions = self.version_ids
        usual = versions._default_lang()
        latest = versions.filtered(lambda v: v.lang == usual)[:1] or versions[:1]
        if not latest:
            latest = versions.create({"terms_id": self.id})
        return latest.action_new_version()
