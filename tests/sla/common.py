"""Calendars and promises for the tests of clocks. Holds no test."""

from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo.fields import Command

from ..common import ServiceCommon

WARSAW = ZoneInfo("Europe/Warsaw")


def utc(text):
    """When the clock in Warsaw shows ``text``, as Odoo keeps it."""
    moment = datetime.fromisoformat(text).replace(tzinfo=WARSAW)
    return moment.astimezone(UTC).replace(tzinfo=None)


def warsaw(moment):
    """What the clock in Warsaw shows at a moment as Odoo keeps it."""
    return moment and f"{moment.replace(tzinfo=UTC).astimezone(WARSAW):%Y-%m-%d %H:%M}"


class SlaCommon(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office = cls._create_calendar("Biuro 8–16", range(5), 8, 16)
        cls.weekdays = cls._create_calendar("Dni robocze", range(5), 0, 24)
        cls.always = cls._create_calendar(
            "Całodobowo", range(7), 0, 24, open_on_holidays=True
        )
        cls.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "Wolne",
                    "company_id": cls.company.id,
                    "calendar_id": False,
                    "date_from": utc(f"{day} 00:00:00"),
                    "date_to": utc(f"{day} 23:59:59"),
                }
                for day in ("2026-11-11", "2026-12-24", "2026-12-25", "2026-12-26")
            ]
        )
        # Whose time off it is, is computed: now, for the company at hand.
        cls.env.flush_all()
        stages = cls.env["helpdesk.ticket.stage"]
        cls.waiting = stages.create(
            {"name": "Czekamy", "waiting_for": "customer", "company_id": False}
        )
        cls.progress = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_in_progress")
        cls.closed = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        cls.customer.email = "klient@example.com"

    @classmethod
    def _create_calendar(cls, name, days, begin, end, **vals):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "tz": "Europe/Warsaw",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": name,
                            "dayofweek": str(day),
                            "hour_from": begin,
                            "hour_to": end,
                            "day_period": "morning",
                        }
                    )
                    for day in days
                ],
            }
            | vals
        )

    @classmethod
    def _promise(cls, metric, amount, unit, calendar, tier=None, **vals):
        return cls.env["service.tier.target"].create(
            {
                "tier_id": (tier or cls.tier).id,
                "metric": metric,
                "amount": amount,
                "unit": unit,
                "calendar_id": calendar.id,
            }
            | vals
        )

    @classmethod
    def _report(cls, when, name="Serwer nie odpowiada", user=None, **vals):
        """A ticket that a technician notes down when it is reported."""
        with cls._at(when):
            return (
                cls.env["helpdesk.ticket"]
                .with_user(user or cls.technician)
                .create(
                    {
                        "name": name,
                        "description": name,
                        "partner_id": cls.customer.id,
                        "company_id": cls.company.id,
                    }
                    | vals
                )
            )

    @staticmethod
    @contextmanager
    def _at(text):
        """Let it be ``text`` by the clock in Warsaw."""
        with freeze_time(utc(text)):
            yield

    def _move(self, ticket, stage, when):
        with self._at(when):
            ticket.stage_id = stage
            ticket.flush_recordset()

    def _received(self, message, when):
        """Let a message have come to be at ``when``: the database says it itself."""
        self.env.flush_all()
        self.cr.execute(
            "UPDATE mail_message SET create_date = %s WHERE id = %s",
            [utc(when), message.id],
        )
        message.invalidate_recordset()

    def _escalate(self, when):
        """Let the cron run as it does by itself."""
        with self._at(when), self.enter_registry_test_mode():
            self.env.ref(
                "helpdesk_service_contract.cron_sla_escalation"
            ).method_direct_trigger()
        self.env.invalidate_all()

    @staticmethod
    def _timer(ticket, metric="reaction"):
        return ticket.sla_timer_ids.filtered(lambda timer: timer.metric == metric)

    def assertTimer(self, ticket, metric, **expected):
        """Assert fields of a timer; moments by the clock in Warsaw."""
        timer = self._timer(ticket, metric)
        moments = {"deadline", "breached_at", "stopped_at", "next_check_at"}
        self.assertEqual(
            {
                name: warsaw(timer[name]) if name in moments else timer[name]
                for name in expected
            },
            expected,
        )
