"""The part of the story that is about time: what is promised, and what came of it."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command

ADDON = "helpdesk_service_contract"
ROUND_THE_CLOCK = "Dni robocze 0–24"
ALWAYS = "Całodobowo przez cały rok"
OFFICE = "Godziny serwisu 8–16"
# Amount, unit and calendar of the reaction and of the end of the matter.
PROMISES = {
    "Serwis VIP": [(1, "hours", ALWAYS), (2, "days", ALWAYS)],
    "Ryczałt miesięczny": [(4, "hours", OFFICE), (5, "days", OFFICE)],
    "Serwis pogwarancyjny": [
        (24, "hours", ROUND_THE_CLOCK),
        (14, "days", ROUND_THE_CLOCK),
    ],
    "Gwarancja": [(24, "hours", ROUND_THE_CLOCK), (5, "days", ROUND_THE_CLOCK)],
    "Podstawowa pomoc techniczna": [(4, "hours", OFFICE)],
}


def promise(env):
    """What the tiers promise that are there by now."""
    calendars = {
        name: _calendar(env, name) for name in (OFFICE, ROUND_THE_CLOCK, ALWAYS)
    }
    tiers = env["service.tier"].search([("name", "in", [*PROMISES])])
    for tier in tiers.filtered(lambda tier: not tier.target_ids):
        metrics = zip(("reaction", "resolution"), PROMISES[tier.name], strict=False)
        tier.target_ids = [
            Command.create(
                {
                    "metric": metric,
                    "amount": amount,
                    "unit": unit,
                    "calendar_id": calendars[calendar].id,
                }
            )
            for metric, (amount, unit, calendar) in metrics
        ]
        if tier.name == "Ryczałt miesięczny":
            _promise_for_failures(tier, calendars)


def _promise_for_failures(tier, calendars):
    """An emergency outside service hours does not wait for the morning."""
    tier.calendar_id = calendars[OFFICE]
    tier.target_ids = [
        Command.create(
            {
                "amount": 4,
                "unit": "hours",
                "calendar_id": calendars[ALWAYS].id,
                "priority": "3",
                "reported": "outside",
            }
        )
    ]


def _calendar(env, name):
    calendars = env["resource.calendar"]
    found = calendars.search([("name", "=", name)], limit=1)
    if found:
        return found
    days, hours = (
        (range(5), (0, 24)) if name == ROUND_THE_CLOCK else (range(7), (0, 24))
    )
    return calendars.create(
        {
            "name": name,
            "tz": "Europe/Warsaw",
            "open_on_holidays": name == ALWAYS,
            "attendance_ids": [
                Command.create(
                    {
                        "name": name,
                        "dayofweek": str(day),
                        "hour_from": hours[0],
                        "hour_to": hours[1],
                    }
                )
                for day in days
            ],
        }
    )


def serve(ticket, *, after=20, hours=6, why=None):
    """Answer so many minutes after the report, and close so many hours after it.

    ``why`` is the reason for a promise that was broken. Without hours it stays open.
    """
    reported = ticket.reported_at
    with freeze_time(reported + timedelta(minutes=after)):
        answer(ticket, "Dzień dobry, zajmujemy się tym.")
    if not hours:
        return
    with freeze_time(reported + timedelta(hours=hours)):
        ticket.stage_id = _stage(ticket, "done")
        for timer in ticket.sla_timer_ids._to_justify() if why else ():
            ticket.env["service.sla.justification"].create(
                {"timer_id": timer.id, "reason": why}
            ).action_justify()
        ticket.env.flush_all()


def answer(ticket, text):
    ticket.message_post(
        body=text, message_type="comment", subtype_xmlid="mail.mt_comment"
    )


def _stage(ticket, name):
    return ticket.env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{name}").id


def play_today(contracts, technician, report):
    """What a dispatcher sees: something late, something at risk, something waiting."""
    now = fields.Datetime.now()
    vip, flat = contracts["vip"].partner_id, contracts["flat"].partner_id

    def ago(minutes):
        return {"reported_at": now - timedelta(minutes=minutes)}

    today = now.date()
    report(vip, technician, "Nikt nie może się zalogować", today, **ago(66))
    report(vip, technician, "Drukarka fiskalna zgłasza błąd", today, **ago(48))
    waits = report(
        vip, technician, "Brak dostępu do folderu Faktury", today, **ago(150)
    )
    with freeze_time(now - timedelta(minutes=130)):
        answer(waits, "Czy inne foldery się otwierają?")
    with freeze_time(now - timedelta(minutes=125)):
        waits.stage_id = _stage(waits, "awaiting")
        waits.env.flush_all()
    report(flat, technician, "Telefon biurkowy nie dzwoni", today, **ago(30))
    failure = {"priority": "3"} | ago(95)
    report(flat, technician, "Serwer magazynu nie odpowiada", today, **failure)
