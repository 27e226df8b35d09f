from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...data.offers import CATEGORIES
from ...tools.offers import HOUR, YEARLY
from .service_ready_offer import MAKING

ADDON = "helpdesk_service_contract"
UOM = {HOUR: "uom.product_uom_hour"}
UNIT = "uom.product_uom_unit"
# How often a fee is invoiced, and when.
INVOICED = {YEARLY: ("yearly", "pre-paid")}
BY_MONTH = ("monthlylastday", "post-paid")


class ServiceReadyOffer(models.Model):
    """What a ready-made offer becomes: products, a tier, and an offer to customers."""

    _inherit = "service.ready.offer"

    def _make(self, prices):
        """Make what is not there yet, in the company's language. Safe to repeat.

        :param prices: net, of the products of these offers, by offer and key
        """
        for ready in self.filtered(lambda one: not one.tier_id):
            company = ready.company_id
            lang = self.env["res.lang"]._get_code(company.partner_id.lang)
            ready = ready.with_company(company).with_context(lang=lang or self.env.lang)
            products = ready._make_products(prices)
            made = ready.with_context(**MAKING.opened)
            made.product_ids = [Command.set([one.id for one in products.values()])]
            made.tier_id = ready._make_tier(products)
            if ready._offer().by_contract:
                made.template_id = ready._make_template(products)
        self._lead_on()

    def _check_can_be_made(self):
        """Say what would fail later: services without a sales tax."""
        for company in self.company_id:
            if not self._sales_tax(company):
                raise UserError(
                    self.env._(
                        "“%s” has no sales tax yet, which every product needs. Ask "
                        "the accountant to install the chart of accounts first.",
                        company.name,
                    )
                )

    def _sales_tax(self, company):
        return company._service_sale_taxes()[:1] or company.account_sale_tax_id

    def _make_products(self, prices):
        """The product of each service of the offer, by its key."""
        templates = self.env["product.template"]
        made = {}
        for service in self._offer().services:
            vals = templates._service_defaults(self.company_id) | {
                "name": self.env._(service.name),
                "company_id": self.company_id.id,
                "list_price": prices.get((self.key, service.key), service.price),
                "uom_id": self.env.ref(UOM.get(service.unit, UNIT)).id,
                "taxes_id": [Command.set(self._sales_tax(self.company_id).ids)],
            }
            made[service.key] = templates.create(vals).product_variant_id
        return made

    def _make_tier(self, products):
        offer = self._offer()
        channels = [self._channel(key).id for key in offer.channels]
        hours = offer.service_hours
        return self.env["service.tier"].create(
            {
                "name": self.env._(offer.name),
                "kind": offer.kind,
                "company_id": self.company_id.id,
                "calendar_id": hours and self.company_id._usual_calendar(hours).id,
                "express_percent": offer.express,
                "after_hours_percent": offer.after_hours,
                "free_unjustified": offer.free_unjustified,
                "quote_required": offer.quote_first,
                "ticket_priority": offer.priority,
                "basic_months": offer.months_of_support,
                "other_categories": offer.other_topics,
                "channel_ids": [Command.set(channels)],
                "rate_ids": [Command.create(vals) for vals in self._rates(products)],
                "target_ids": [Command.create(vals) for vals in self._targets()],
                "scope_ids": [Command.create(vals) for vals in self._topics()],
            }
        )

    def _rates(self, products):
        for work in self._offer().works:
            for kind in work.kinds:
                yield {
                    "work_type_id": self.env.ref(f"{ADDON}.work_type_{kind}").id,
                    "product_id": products[work.service].id,
                    "first_minutes": work.first,
                    "step_minutes": work.step,
                    "scope": work.scope,
                    "flat_product_id": work.flat and products[work.flat].id,
                    "uses_packages": work.uses_packages,
                }

    def _targets(self):
        for promise in self._offer().promises:
            yield {
                "metric": promise.metric,
                "amount": promise.amount,
                "unit": promise.unit,
                "calendar_id": self.company_id._usual_calendar(promise.clock).id,
                "priority": promise.priority,
                "reported": promise.reported,
            }

    def _topics(self):
        for topic in self._offer().topics:
            yield {
                "category_id": self._category(topic.category).id,
                "treatment": topic.treatment,
                "note": topic.note and self.env._(topic.note),
            }

    def _category(self, key):
        name = self.env._(CATEGORIES[key])
        return self._named("helpdesk.ticket.category", name)

    def _channel(self, key):
        """OCA's channels are those of the first company; others get their own."""
        # sudo: its name is all that is read
        known = self.env.ref(f"helpdesk_mgmt.helpdesk_ticket_channel_{key}").sudo()
        return self._named("helpdesk.ticket.channel", known.name)

    def _named(self, model, name):
        """The record of this name in the company; a new one where it has none."""
        records, company = self.env[model], self.company_id
        shared_or_own = ("company_id", "in", (company.id, False))
        return records.search(
            [("name", "=", name), shared_or_own], limit=1
        ) or records.create({"name": name, "company_id": company.id})

    def _make_template(self, products):
        offer = self._offer()
        rule, ahead = INVOICED.get(offer.invoiced, BY_MONTH)
        hours = offer.hours
        return self.env["contract.template"].create(
            {
                "name": self.env._(offer.name),
                "company_id": self.company_id.id,
                "contract_type": "sale",
                "service_tier_id": self.tier_id.id,
                "recurring_rule_type": rule,
                "recurring_invoicing_type": ahead,
                "allowance_minutes": hours.minutes if hours else 0,
                "allowance_months": str(hours.months if hours else 1),
                "offer_text": self._text(),
                "contract_line_ids": [
                    Command.create(
                        {
                            "product_id": products[fee.service].id,
                            "name": products[fee.service].name,
                            "quantity": fee.quantity,
                            "automatic_price": True,
                        }
                    )
                    for fee in offer.fees
                ],
                "offered_package_ids": [
                    Command.create(
                        {
                            "minutes": package.minutes,
                            "months": package.months,
                            "product_id": products[package.service].id,
                        }
                    )
                    for package in offer.packages
                ],
            }
        )

    def _preview(self):
        """What is going to be made of the offer: its name, and its parts in words."""
        offer = self._offer()
        parts = [
            self.env._("a tier with %s rates", sum(len(w.kinds) for w in offer.works)),
            self.env._("%s guaranteed times", len(offer.promises)),
            self.env._("%s products", len(offer.services)),
        ]
        if offer.topics:
            parts.append(self.env._("%s categories of tickets", len(offer.topics)))
        if offer.by_contract:
            parts.append(self.env._("an offer for new contracts"))
        if offer.packages:
            parts.append(self.env._("%s packages to sell", len(offer.packages)))
        if served := self._first_of_kind():
            parts.append(
                self.env._("but “%s” goes on serving those without a contract", served)
            )
        return {"name": self.name, "parts": parts}

    def _first_of_kind(self):
        """The tier that serves customers without a contract already, if any."""
        if self._offer().by_contract:
            return ""
        tiers = self.env["service.tier"]
        return tiers._first(self.company_id, self._offer().kind).name or ""

    def _text(self):
        """What the offer says, as a list that people change freely."""
        return self.env["ir.qweb"]._render(
            f"{ADDON}.ready_offer_text", {"sentences": self.says.splitlines()}
        )

    def _lead_on(self):
        """Let offers lead to the contract that is offered for what they leave out."""
        made = self.search([("company_id", "in", self.company_id.ids)])
        templates = {(one.company_id, one.key): one.template_id for one in made}
        for ready in made.filtered("tier_id"):
            leads_to = ready._offer().offered_instead
            if leads_to and not ready.tier_id.offer_template_id:
                template = templates.get((ready.company_id, leads_to))
                ready.tier_id.offer_template_id = template
