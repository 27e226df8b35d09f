from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...tools import consent
from ...tools.consent import Standing
from ...tools.groups import BACK_OFFICE

CRON = "helpdesk_service_contract.cron_terms_notices"
STATES = [
    ("waiting", "Waiting"),
    ("sent", "Sent"),
    ("no_address", "No e-mail address"),
    ("failed", "Not delivered"),
    ("obsolete", "No longer needed"),
]


class ServiceTermsNotice(models.Model):
    """One customer under contract is told of one version of a document.

    Rows are made when the version is published; `service_terms_notice_sending` sends
    the e-mails.
    """

    _name = "service.terms.notice"
    _description = "Notice of New Terms"
    _order = "id"

    version_id = fields.Many2one(
        "service.terms.version",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    company_id = fields.Many2one(
        related="version_id.company_id", store=True, index=True, precompute=True
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Addressee",
        required=True,
        ondelete="cascade",
        readonly=True,
        help="The address of the contract.",
    )
    email = fields.Char(compute="_compute_email")
    state = fields.Selection(
        STATES, required=True, default="waiting", readonly=True, index=True
    )
    sent_at = fields.Datetime(readonly=True)
    reason = fields.Char(readonly=True)
    mail_id = fields.Many2one("mail.mail", readonly=True, index="btree_not_null")

    _once = models.Constraint(
        "UNIQUE(version_id, commercial_partner_id)",
        "The customer has already been notified of this version.",
    )

    @api.depends("commercial_partner_id", "version_id")
    def _compute_display_name(self):
        for notice in self:
            notice.display_name = self.env._(
                "%(version)s for %(customer)s",
                version=notice.version_id.display_name,
                customer=notice.commercial_partner_id.display_name,
            )

    @api.depends("partner_id.email", "commercial_partner_id.email")
    def _compute_email(self):
        for notice in self:
            notice.email = notice._recipient().email

    def _recipient(self):
        """Who gets the e-mail: the address of the contract, or else the customer."""
        return self.partner_id if self.partner_id.email else self.commercial_partner_id

    @api.model
    def _announce(self, version):
        """Make the notices of a version that has just been published."""
        # sudo: a manager publishes; contracts and notices follow from it
        notices = self.sudo()
        addressees = notices._addressees(version)
        told = notices._told_in_other_words(version, addressees)
        created = notices.create(
            [
                {
                    "version_id": version.id,
                    "commercial_partner_id": customer.id,
                    "partner_id": partner.id,
                }
                for customer, partner in addressees.items()
                if customer not in told
            ]
        )
        if created:
            self.env.ref(CRON)._trigger()
        return created

    @api.model
    def _addressees(self, version):
        """Whom to write to about a version, by customer: those under contract who
        read its language, or none of the others that the document is in."""
        terms, company = version.terms_id, version.company_id
        today = company.sudo()._service_day()
        days = {today, version.in_force_from}
        contracts = self.env["contract.contract"]
        wanted = (
            Domain("company_id", "=", company.id)
            & Domain("contract_type", "=", "sale")
            & contracts._in_force_domain(today, max(days))
        )
        if terms.tier_ids:
            wanted &= Domain("service_tier_id", "in", terms.tier_ids.ids)
        contracts = contracts.search(wanted, order="id")
        offered = {other.lang for other in terms._published()}
        # Who publishes does not decide what language a customer reads.
        found = {}
        for contract in contracts:
            serves = any(contract._in_force(day) for day in days)
            languages = contract.partner_id.with_user(SUPERUSER_ID)._languages(company)
            if (
                serves
                and contract._is_service()
                and consent.best(offered, languages) == version.lang
            ):
                found.setdefault(contract.commercial_partner_id, contract.partner_id)
        return found

    @api.model
    def _told_in_other_words(self, version, customers):
        """Customers who know of the same change from a version in another language.

        Where their e-mail has not left yet, they get the one in their own language.
        """
        published = version.terms_id._published()
        standings = version.terms_id._standings()
        first = sum(other.lang == version.lang for other in published) == 1
        others = [
            other.id
            for other in published
            if other.lang != version.lang
            and standings[other.id] != Standing.SUPERSEDED
            and (first or other.first_day == version.in_force_from)
        ]
        known = self.search(
            [
                ("version_id", "in", others),
                ("commercial_partner_id", "in", [one.id for one in customers]),
            ]
        )
        told = known.filtered(lambda notice: notice.state == "sent" or notice.mail_id)
        (known - told).unlink()
        return told.commercial_partner_id

    def action_retry(self):
        """Try again, when an address was corrected."""
        if not self.env.su and not self.env.user.has_group(BACK_OFFICE):
            raise AccessError(
                self.env._("Only back office can resend notices. Ask them to do it.")
            )
        self.check_access("read")
        # sudo: nobody writes notices but this method and the sending
        failed = self.sudo().filtered(lambda n: n.state in {"failed", "no_address"})
        failed.mail_id.cancel()
        failed.write({"state": "waiting", "reason": False, "mail_id": False})
        if failed:
            self.env.ref(CRON)._trigger()
