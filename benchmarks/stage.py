"""A company with technicians and an offer, and customers with work by the thousand."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

ADDON = "helpdesk_service_contract"
TECHNICIANS = 8


class Stage:
    """Ids of what every measurement needs.

    All open work is of the last month: it is over, so that any day of it can be
    logged and settled, and it is never just one day old.
    """

    def __init__(self, env):
        company = self._company(env)
        self.project = company.service_project_id.id
        users = [
            self._user(env, f"technik{number}", f"{ADDON}.group_technician")
            for number in range(TECHNICIANS)
        ]
        self.technicians = [user.id for user in users]
        self.technician = self.technicians[0]
        self.back_office = self._user(env, "biuro", f"{ADDON}.group_back_office").id
        hour = self._product(env, "Godzina serwisu", 120.0, "product_uom_hour")
        self.tier = self._tier(env, hour)
        self.fee = self._product(env, "Abonament", 290.0, "product_uom_unit").id
        today = fields.Date.context_today(env.user)
        self.last_day = today.replace(day=1) - timedelta(days=1)
        self.first_day = self.last_day.replace(day=1)

    def day(self, number):
        """The ``number``-th day of the month, and so on in turn."""
        return self.first_day + timedelta(days=number % self.last_day.day)

    def contract(self, env, name, start=None, **vals):
        """A new customer with a contract: two hours a month, then 120.00 an hour."""
        customer = env["res.partner"].create({"name": name, "is_company": True})
        fee = {"product_id": self.fee, "name": "Abonament", "specific_price": 290.0}
        return env["contract.contract"].create(
            {
                "name": name,
                "partner_id": customer.id,
                "service_tier_id": self.tier,
                "allowance_minutes": 120,
                "date_start": start or self.first_day,
                "recurring_rule_type": "monthlylastday",
                "recurring_invoicing_type": "post-paid",
                "contract_line_ids": [Command.create(fee)],
            }
            | vals
        )

    def ticket(self, env, contract):
        return env["helpdesk.ticket"].create(
            {
                "name": "Drukarka nie drukuje",
                "description": "Drukarka nie drukuje",
                "partner_id": contract.partner_id.id,
                "service_contract_id": contract.id,
            }
        )

    def work(self, ticket_id, day, minutes=25):
        """Values of a work entry, as the ticket form sends them."""
        return {
            "ticket_id": ticket_id,
            "date": fields.Date.to_string(day),
            "unit_amount": minutes / 60,
            "name": "Diagnoza i naprawa zdalna",
        }

    def plain_work(self, day, minutes=25):
        """The same work as hr_timesheet alone knows it."""
        vals = self.work(None, day, minutes)
        del vals["ticket_id"]
        return vals | {"project_id": self.project}

    def log(self, env, ticket, days):
        """Log work on each of the days, as a technician."""
        entries = env["account.analytic.line"].with_user(self.technician)
        entries = entries.create([self.work(ticket.id, day) for day in days])
        env.flush_all()
        return entries

    @staticmethod
    def _company(env):
        company = env.company
        company.country_id = env.ref("base.pl")
        env["account.chart.template"].try_loading("pl", company, install_demo=False)
        return company

    @staticmethod
    def _user(env, login, group):
        user = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": login,
                    "name": login.title(),
                    "tz": "Europe/Warsaw",
                    "group_ids": [Command.link(env.ref(group).id)],
                }
            )
        )
        env["hr.employee"].create({"name": user.name, "user_id": user.id})
        return user

    @staticmethod
    def _product(env, name, price, unit):
        return env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": price,
                "uom_id": env.ref(f"uom.{unit}").id,
                "taxes_id": [Command.set(env.company._service_sale_taxes()[:1].ids)],
            }
        )

    @staticmethod
    def _tier(env, hour):
        rate = {
            "work_type_id": env.ref(f"{ADDON}.work_type_remote").id,
            "product_id": hour.id,
        }
        tier = {"name": "Serwis VIP", "rate_ids": [Command.create(rate)]}
        return env["service.tier"].create(tier).id
