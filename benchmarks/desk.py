"""A helpdesk: a team, its technician and a customer, with our add-on or without."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

TICKETS = "helpdesk.ticket"
DONE = "helpdesk_mgmt.helpdesk_ticket_stage_done"
IN_PROGRESS = "helpdesk_mgmt.helpdesk_ticket_stage_in_progress"
# What a technician of ours may do, as far as others know it.
GROUPS = (
    "helpdesk_mgmt.group_helpdesk_user_team",
    "hr_timesheet.group_hr_timesheet_user",
    "uom.group_uom",
)
REACTION_HOURS = 4
RESOLUTION_HOURS = 24
# Days off from the start of a year, as many as public holidays.
DAYS_OFF = (0, 5, 95, 120, 122, 140, 150, 226, 304, 314, 357, 358, 359)


class Desk:
    """Ids of what is there in a database, and the values of tickets."""

    def __init__(self, env, groups=GROUPS, contract=None):
        self.calendar = env.company.resource_calendar_id.id
        self.user = self._user(env, groups)
        self.team = self._team(env)
        done = env.ref(DONE)
        # A mail for each closed ticket takes longer than all else, and would hide it.
        done.mail_template_id = False
        self.done = done.id
        self.customer = (contract.partner_id if contract else self._customer(env)).id

    def ticket(self, **vals):
        """Values of a ticket, as its form sends them."""
        return {
            "name": "Drukarka nie drukuje",
            "description": "<p>Drukarka nie drukuje</p>",
            "partner_id": self.customer,
            "team_id": self.team,
        } | vals

    def report(self, env, number=1, **vals):
        """So many tickets that the technician notes down."""
        tickets = env[TICKETS].with_user(self.user)
        tickets = tickets.create([self.ticket(**vals) for _ in range(number)])
        env.flush_all()
        return tickets

    @staticmethod
    def working_hours(env):
        """The company's working hours get public holidays of three years."""
        calendar = env.company.resource_calendar_id
        calendar.tz = "Europe/Warsaw"
        this_year = fields.Datetime.now().replace(
            month=1, day=1, hour=0, minute=0, second=0
        )
        env["resource.calendar.leaves"].create(
            [
                {
                    "name": "Święto",
                    "company_id": env.company.id,
                    "calendar_id": False,
                    "date_from": begin,
                    "date_to": begin + timedelta(days=1, seconds=-1),
                }
                for year in range(3)
                for day in DAYS_OFF
                for begin in [this_year + timedelta(days=365 * year + day, hours=-1)]
            ]
        )
        return calendar

    def _user(self, env, groups):
        users = env["res.users"].with_context(no_reset_password=True)
        return users.create(
            {
                "login": "zgloszenia",
                "name": "Zgłoszenia",
                "email": "zgloszenia@example.com",
                "tz": "Europe/Warsaw",
                "group_ids": [Command.link(env.ref(group).id) for group in groups],
            }
        ).id

    def _team(self, env):
        team = {"name": "Serwis", "user_ids": [Command.link(self.user)]}
        return env["helpdesk.ticket.team"].create(team).id

    @staticmethod
    def _customer(env):
        return env["res.partner"].create({"name": "Klient", "is_company": True})


def with_us(bench):
    """The desk of the bench's own database, whose customer is promised two things."""
    stage = bench.stage
    with bench.transaction() as env:
        calendar = Desk.working_hours(env)
        tier = env["service.tier"].create({"name": "SLA"})
        promise(env, tier, "reaction", REACTION_HOURS, calendar)
        promise(env, tier, "resolution", RESOLUTION_HOURS, calendar)
        contract = stage.contract(env, "Klient", service_tier_id=tier.id)
        groups = ["helpdesk_service_contract.group_technician"]
        return Desk(env, groups, contract)


def alone(bench):
    """The desk where there is only helpdesk_mgmt."""
    with bench.transaction() as env:
        Desk.working_hours(env)
        return Desk(env)


def with_peer(bench):
    """The desk where helpdesk_mgmt_sla keeps the same two promises."""
    with bench.transaction() as env:
        Desk.working_hours(env)
        desk = Desk(env)
        env["helpdesk.ticket.team"].browse(desk.team).use_sla = True
        for hours, stage in ((REACTION_HOURS, IN_PROGRESS), (RESOLUTION_HOURS, DONE)):
            env["helpdesk.sla"].create(
                {"name": stage, "hours": hours, "stage_id": env.ref(stage).id}
            )
        return desk


def promise(env, tier, metric, hours, calendar):
    env["service.tier.target"].create(
        {
            "tier_id": tier.id,
            "metric": metric,
            "amount": hours,
            "unit": "hours",
            "calendar_id": calendar.id,
        }
    )
