"""Customers with and without a contract, and their items. Holds no test."""

from freezegun import freeze_time

from odoo.fields import Command

from ..common import MODULE, ServiceCommon


class CoverageCommon(ServiceCommon):
    """A VIP customer and a customer without any contract, with items of all kinds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.on_site = cls.env.ref(f"{MODULE}.work_type_on_site")
        cls.retail = cls._create_product("Serwis u klienta", 200.0)
        cls.trip = cls._create_product("Dojazd", 80.0, unit="product_uom_unit")
        cls.tier.free_unjustified = 4
        cls.tier.rate_ids = [Command.create(cls._rate(cls.on_site, cls.hour))]
        cls.ad_hoc = cls._create_tier("Cennik", product=cls.hour)
        cls.ad_hoc.write(
            {
                "kind": "ad_hoc",
                "express_percent": 100,
                "rate_ids": [
                    Command.create(cls._rate(cls.on_site, cls.retail)),
                    Command.create(
                        cls._rate(cls.travel, cls.hour)
                        | {
                            "flat_product_id": cls.trip.id,
                            "step_minutes": 0,
                            "uses_packages": False,
                        }
                    ),
                ],
            }
        )
        cls.warranty = cls._create_tier("Gwarancja")
        cls.email, cls.phone, cls.web = cls.env["helpdesk.ticket.channel"].create(
            [
                {"name": name, "company_id": cls.company.id}
                for name in ("E-mail", "Telefon", "Portal")
            ]
        )
        cls.warranty.write(
            {"kind": "warranty", "channel_ids": [Command.set(cls.email.ids)]}
        )
        cls.basic = cls._create_tier("Wsparcie podstawowe")
        cls.messages, cls.expert, cls.database = cls.env[
            "helpdesk.ticket.category"
        ].create(
            [
                {"name": name, "company_id": cls.company.id}
                for name in ("Komunikaty", "Usługi eksperckie", "Baza danych")
            ]
        )
        cls.database.parent_id = cls.expert
        cls.basic.write(
            {
                "kind": "basic",
                "other_categories": "not_covered",
                "channel_ids": [Command.set((cls.email + cls.phone).ids)],
                "scope_ids": [
                    Command.create(
                        {"category_id": cls.messages.id, "treatment": "covered"}
                    )
                ],
            }
        )
        cls.other = cls.env["res.partner"].create(
            {"name": "Klient bez umowy", "is_company": True, "email": "bez@example.com"}
        )
        cls.contract = cls._create_contract(start="2026-01-01")

    @classmethod
    def _rate(cls, work_type, product):
        return {
            "work_type_id": work_type.id,
            "product_id": product.id,
            "first_minutes": 60,
            "step_minutes": 60,
        }

    @classmethod
    def _item(cls, customer=None, **vals):
        customer = customer or cls.customer
        return cls.env["maintenance.equipment"].create(
            {
                "name": "Serwer",
                "customer_id": customer.id,
                "company_id": cls.company.id,
            }
            | vals
        )

    @classmethod
    def _ticket(cls, day="2026-10-05", customer=None, user=None, **vals):
        """A ticket as back office makes it on the form."""
        tickets = cls.env["helpdesk.ticket"].with_user(user or cls.back_office)
        with freeze_time(f"{day} 08:00:00"):
            return tickets.create(
                {
                    "name": "Zgłoszenie",
                    "description": "Nie działa",
                    "partner_id": (customer or cls.customer).id,
                    "company_id": cls.company.id,
                }
                | {name: getattr(value, "id", value) for name, value in vals.items()}
            )

    @classmethod
    def _judge(cls, ticket, verdict, reason="Sprawdzone na miejscu", user=None):
        wizard = cls.env["service.verdict"].with_user(user or cls.back_office)
        name = "complaint" if ticket.complaint_of_id else "report"
        wizard.with_context(default_ticket_id=ticket.id).create(
            {name: verdict, "reason": reason}
        ).action_apply()

    @classmethod
    def _override(cls, ticket, code, reason, user=None):
        wizard = cls.env["service.coverage.override"].with_user(user or cls.manager)
        wizard.create(
            {"ticket_id": ticket.id, "code": code, "reason": reason}
        ).action_override()

    def _net(self, customer, until="2026-10-31"):
        """The net amount of everything that the billing run invoices the customer."""
        contracts = self.env["contract.contract"].search(
            [
                ("commercial_partner_id", "=", customer.id),
                ("service_tier_id", "!=", False),
            ]
        )
        tickets = self.env["helpdesk.ticket"].search(
            [
                ("commercial_partner_id", "=", customer.id),
                ("ad_hoc_contract_id", "!=", False),
            ]
        )
        with freeze_time(f"{until} 12:00:00") as clock:
            tickets.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
            clock.tick(5 * 86400)
            invoices = self._bill(contracts, until)
        self.assertLedgerIsSound()
        return sum(invoices.mapped("amount_untaxed"))
