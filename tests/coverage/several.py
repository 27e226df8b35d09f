"""A customer with three contracts: hosting, an office and a program. Holds no test."""

from odoo.fields import Command

from ..common import MODULE, ServiceCommon

VIP, FLAT, PROGRAM = 120.0, 90.0, 200.0


class SeveralContracts(ServiceCommon):
    """The printing house has the VIP offer for its web server, a flat fee for the
    office at Mokotów, and supervision of its warehouse program."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.on_site = cls.env.ref(f"{MODULE}.work_type_on_site")
        cls.house = cls.env["res.partner"].create(
            {"name": "Drukarnia", "is_company": True, "lang": "pl_PL"}
        )
        cls.site = cls.env["res.partner"].create(
            {"name": "Mokotów", "parent_id": cls.house.id, "type": "delivery"}
        )
        cls.program, cls.printers = cls.env["helpdesk.ticket.category"].create(
            [
                {"name": name, "company_id": cls.company.id}
                for name in ("Program WMS", "Drukarki")
            ]
        )
        always = cls.env["resource.calendar"].create(
            {"name": "Całą dobę", "full_time_required_hours": 0, "company_id": False}
        )
        always.attendance_ids.unlink()
        always.attendance_ids = [
            Command.create(
                {"name": "x", "dayofweek": str(day), "hour_from": 0, "hour_to": 24}
            )
            for day in range(7)
        ]
        cls.always = always
        cls.vip_tier = cls._offered("VIP hosting", VIP, hours=1, free_unjustified=4)
        cls.flat_tier = cls._offered(
            "Ryczałt", FLAT, hours=8, scope={cls.program: "not_covered"}
        )
        cls.program_tier = cls._offered(
            "Nadzór WMS",
            PROGRAM,
            hours=4,
            scope={cls.program: "covered"},
            other_categories="not_covered",
        )
        cls.vip = cls._agreed(cls.vip_tier, "V/1", 120, covers_listed_items=True)
        cls.flat = cls._agreed(
            cls.flat_tier, "R/1", 600, place_ids=[Command.set(cls.site.ids)]
        )
        cls.wms = cls._agreed(cls.program_tier, "N/1", 480)
        cls.all = cls.vip | cls.flat | cls.wms
        cls.server = cls.env["maintenance.equipment"].create(
            {
                "name": "Serwer WWW",
                "customer_id": cls.house.id,
                "company_id": cls.company.id,
                "service_contract_id": cls.vip.id,
            }
        )

    @classmethod
    def _offered(cls, name, price, *, hours, scope=None, **vals):
        """A tier: started hours of a ticket, and an answer within some hours."""
        product = cls._create_product(name, price)
        tier = cls._create_tier(
            name, product=product, first_minutes=60, step_minutes=60, scope="ticket"
        )
        rate = {
            "work_type_id": cls.on_site.id,
            "product_id": product.id,
            "first_minutes": 60,
            "step_minutes": 60,
            "scope": "ticket",
        }
        tier.write(
            vals
            | {
                "rate_ids": [Command.create(rate)],
                "scope_ids": [
                    Command.create({"category_id": category.id, "treatment": treatment})
                    for category, treatment in (scope or {}).items()
                ],
                "target_ids": [
                    Command.create(
                        {
                            "metric": "reaction",
                            "amount": hours,
                            "unit": "hours",
                            "calendar_id": cls.always.id,
                        }
                    )
                ],
            }
        )
        return tier

    @classmethod
    def _agreed(cls, tier, code, minutes, **vals):
        return cls._create_contract(
            cls.house,
            service_tier_id=tier.id,
            code=code,
            name=tier.name,
            allowance_minutes=minutes,
            **vals,
        )

    def _report(self, name="Zgłoszenie", day="2026-10-05", user=None, **vals):
        """A ticket of the printing house, as the technician enters it."""
        tickets = self.env["helpdesk.ticket"].with_user(user or self.technician)
        return self._create_ticket(
            name, day, partner_id=self.house.id, **vals
        ).with_env(tickets.env)

    def _choose(self, ticket, contract, user=None, **vals):
        dialog = self.env["service.contract.choice"].with_user(user or self.technician)
        dialog = dialog.with_context(default_ticket_id=ticket.id)
        dialog.create({"contract_id": contract.id} | vals).action_choose()

    def _used(self, day="2026-10-31"):
        """Minutes that are pending, by contract number."""
        balances = self.env["service.hour.ledger"]._balances(self.all)
        return {
            contract.code: balances[contract.id].pending
            for contract in self.all
            if balances[contract.id].pending
        }
