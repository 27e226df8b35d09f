from odoo import models
from odoo.fields import Command

from ..company.res_company_missing import Missing
from .service_terms import KINDS

DRAFT = "helpdesk_service_contract.draft_regulations"


class ResCompany(models.Model):
    """What customers accept before remote help: what lacks, and drafts of it."""

    _inherit = "res.company"

    def _missing(self):
        yield from super()._missing()
        terms = self._terms()
        if not terms:
            yield Missing(
                self.env._(
                    "There are no terms and no price list for remote help, so "
                    "customers accept nothing before a session: publish them."
                ),
                self,
                "terms",
            )
        for document in terms:
            if "published" not in document.version_ids.mapped("state"):
                yield Missing(
                    self.env._(
                        "“%s” is a draft, so customers do not accept it before a "
                        "session: read it, complete it and publish it.",
                        document.name,
                    ),
                    document,
                    "terms",
                )

    def _terms(self):
        return self.env["service.terms"].search([("company_id", "=", self.id)])

    def _draft_terms(self):
        """Draft the documents that the company has none of. Safe to repeat."""
        self.ensure_one()
        known = self._terms().mapped("kind")
        lang = self.env["res.lang"]._get_code(self.partner_id.lang) or self.env.lang
        company = self.with_context(lang=lang)
        for kind, name in KINDS:
            if kind not in known:
                company._draft_document(kind, company.env._(name), lang)

    def _draft_document(self, kind, name, lang):
        tier = self._tier_of_price_list()
        if kind == "price_list" and not tier:
            return
        document = self.env["service.terms"].create(
            {
                "name": name,
                "kind": kind,
                "company_id": self.id,
                "version_ids": [Command.create({"lang": lang})],
            }
        )
        if kind == "price_list":
            document.version_ids._fill_from_prices(tier)
        else:
            document.version_ids.text = self.env["ir.qweb"]._render(
                DRAFT, {"company": self}
            )

    def _tier_of_price_list(self):
        """The tier whose prices customers are told: of those without a contract, or
        the first that has any."""
        tiers = self.env["service.tier"]
        tier = tiers._first(self, "ad_hoc")
        if tier.rate_ids:
            return tier
        priced = [("company_id", "=", self.id), ("rate_ids", "!=", False)]
        return tiers.search(priced, limit=1)
