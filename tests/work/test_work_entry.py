from freezegun import freeze_time

from odoo.tests import Form, tagged

from ..common import ServiceCommon


@tagged("post_install", "-at_install")
class TestWorkEntry(ServiceCommon):
    """What a technician types on a ticket, and what becomes of it at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls.ticket = cls._create_ticket(day="2026-10-01")
        cls.startClassPatcher(freeze_time("2026-10-20 12:00:00"))

    def test_project_work_type_and_contract_come_by_themselves(self):
        entry = self._log(self.ticket, 50, "2026-10-04")
        self.assertRecordValues(
            entry,
            [
                {
                    "project_id": self.company.service_project_id.id,
                    "work_type_id": self.remote.id,
                    "service_contract_id": self.contract.id,
                    "employee_id": self.technician.employee_id.id,
                    "worked_minutes": 50,
                    "billed_minutes": 60,
                }
            ],
        )

    def test_the_dialog_shows_the_effect_before_saving(self):
        view = "helpdesk_service_contract.work_entry_view_form"
        entries = self.env["account.analytic.line"].with_user(self.technician)
        entries = entries.with_context(default_ticket_id=self.ticket.id, lang="en_US")
        with freeze_time("2026-10-20 12:00:00"):
            form = Form(entries, view=view)
            self.assertFalse(form.explanation)
            form.unit_amount = 0.5
            self.assertIn("0:30 → 1:00: per 1:00 or part thereof", form.explanation)
            form.unit_amount = 1.5
            self.assertIn("2:00 from package", form.explanation)
            form.date = False
            form.date = "2026-10-19"
            form.name = "Nowe hasło"
            self.assertIn("2:00 from package", form.save().explanation)

    def test_an_entry_that_is_edited_counts_once(self):
        self._log(self.ticket, 50, "2026-10-04")
        entry = self._log(self.ticket, 80, "2026-10-12")
        with Form(self.ticket.with_user(self.technician)) as form:
            with form.timesheet_ids.edit(1) as row:
                for hours, billed in ((2.5, 180), (1.0, 60), (2.0, 120)):
                    row.unit_amount = hours
                    self.assertEqual(row.billed_minutes, billed)
        self.assertEqual((entry.unit_amount, entry.billed_minutes), (2.0, 120))

    def test_timesheets_without_a_ticket_are_as_ever(self):
        entry = (
            self.env["account.analytic.line"]
            .with_user(self.technician)
            .create(
                {
                    "project_id": self.company.service_project_id.id,
                    "unit_amount": -30.0,
                    "date": "2027-01-01",
                    "name": "Poprawka",
                }
            )
        )
        self.assertRecordValues(
            entry,
            [
                {
                    "work_type_id": False,
                    "service_contract_id": False,
                    "worked_minutes": 0,
                    "billed_minutes": 0,
                    "explanation": False,
                }
            ],
        )
        entry.unit_amount = 2
        entry.unlink()

    def test_the_project_of_the_ticket_or_the_team_wins(self):
        mine, teams = self.env["project.project"].create(
            [
                {"name": name, "company_id": self.company.id, "allow_timesheets": True}
                for name in ("Zgłoszenia", "Zespół")
            ]
        )
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Zespół",
                "company_id": self.company.id,
                "default_project_id": teams.id,
                "user_ids": self.technician.ids,
            }
        )
        self.ticket.team_id = team
        self.assertEqual(self._log(self.ticket, 5, "2026-10-04").project_id, teams)
        self.ticket.project_id = mine
        self.assertEqual(self._log(self.ticket, 5, "2026-10-04").project_id, mine)

    def test_bad_input_gets_a_sentence(self):
        cases = [
            (0, "2026-10-04", {}, "between one minute and 24"),
            (-30, "2026-10-04", {}, "between one minute and 24"),
            (1441, "2026-10-04", {}, "between one minute and 24"),
            (60, "2026-10-21", {}, "logged in advance"),
            (
                60,
                "2026-10-04",
                {"work_type_id": self.travel.id},
                "has no rate",
            ),
        ]
        for minutes, day, vals, message in cases:
            with self.subTest(minutes=minutes, day=day, **vals):
                with self.assertRefused(message):
                    self._log(self.ticket, minutes, day, **vals)
        for minutes, day in [(1, "2026-10-04"), (1440, "2026-10-20")]:
            with self.subTest(minutes=minutes, day=day):
                self.assertTrue(self._log(self.ticket, minutes, day))

    def test_work_does_not_begin_later_than_now(self):
        """It is 14:00 in Warsaw; the day alone would not tell."""
        for start, refused in (
            ("2026-10-20 12:00:00", False),
            ("2026-10-20 12:01:00", True),
            ("2026-10-20 21:30:00", True),
        ):
            with self.subTest(start):
                if refused:
                    with self.assertRefused("is still to come"):
                        self._log(self.ticket, 30, "2026-10-20", started_at=start)
                else:
                    self._log(self.ticket, 30, "2026-10-20", started_at=start)
        entry = self._log(self.ticket, 30, "2026-10-20")
        with self.assertRefused("is still to come"):
            entry.started_at = "2026-10-20 12:01:00"
        # Timesheets of other work are planned as ever.
        entry.with_user(self.technician).copy(
            {"ticket_id": False, "started_at": "2026-10-20 21:30:00"}
        )

    def test_days_are_the_companys_wherever_the_technician_is(self):
        for zone, moment, day in (
            # Tokyo is in November, New York still in October.
            ("Asia/Tokyo", "2026-10-31 16:00:00", "2026-10-31"),
            ("America/New_York", "2026-11-01 01:00:00", "2026-11-01"),
            ("Europe/Warsaw", "2026-10-31 23:30:00", "2026-11-01"),
        ):
            self.technician.tz = zone
            entries = self.env["account.analytic.line"].with_user(self.technician)
            entries = entries.with_context(tz=zone)
            vals = {"ticket_id": self.ticket.id, "unit_amount": 0.5, "name": "Praca"}
            dialog = entries.with_context(default_ticket_id=self.ticket.id)
            with self.subTest(zone), freeze_time(moment):
                self.assertEqual(entries.create(vals).date, self._day(day))
                self.assertEqual(dialog.default_get(["date"])["date"], self._day(day))
                started = entries.create(vals | {"started_at": moment})
                self.assertEqual(started.date, self._day(day))
        with freeze_time("2026-10-31 16:00:00"):
            elsewhere = entries.with_context(tz="Asia/Tokyo").default_get(["date"])
            self.assertEqual(elsewhere["date"], self._day("2026-11-01"))

    def test_more_than_a_day_is_said_before_it_is_saved(self):
        """Three entries of 24:00 by one person on one day."""
        entries = self.env["account.analytic.line"].with_user(self.technician)
        entries = entries.with_context(default_ticket_id=self.ticket.id, lang="en_US")
        fields_spec = {"unit_amount": {}, "date": {}, "employee_id": {}}

        def warning(minutes, day="2026-10-19", record=entries):
            vals = {
                "ticket_id": self.ticket.id,
                "employee_id": self.technician.employee_id.id,
                "date": day,
                "unit_amount": minutes / 60,
            }
            said = record.onchange(vals, ["unit_amount"], fields_spec)
            return said.get("warning", {}).get("message", "")

        self.assertFalse(warning(1440))
        entry = self._log(self.ticket, 1440, "2026-10-19")
        self.assertIn("24:01 h of work by Technik", warning(1))
        self.assertIn("48:00 h", warning(1440))
        self.assertFalse(warning(1440, "2026-10-18"))
        self.assertFalse(warning(1440, record=entry.with_env(entries.env)))
        # Of other projects, too; what is said is not refused.
        self._log(self.ticket, 1440, "2026-10-19")
        self._log(self.ticket, 1440, "2026-10-19")
        self.assertIn("72:30 h", warning(30))

    def test_entries_of_a_ticket_share_one_rounded_total(self):
        later = self._log(self.ticket, 30, "2026-10-12")
        self.assertEqual(later.billed_minutes, 60)
        earlier = self._log(self.ticket, 50, "2026-10-04", self.colleague)
        self.assertEqual((earlier + later).mapped("billed_minutes"), [60, 60])
        earlier.with_user(self.colleague).unit_amount = 0.5
        self.assertEqual((earlier + later).mapped("billed_minutes"), [60, 0])
        earlier.with_user(self.colleague).unlink()
        self.assertEqual(later.billed_minutes, 60)

    def test_rounding_follows_the_scope_of_the_rate(self):
        cases = [
            ("entry", [30, 30, 30]),
            ("ticket_day", [30, 0, 30]),
            ("ticket", [30, 0, 0]),
        ]
        for scope, billed in cases:
            with self.subTest(scope=scope), self.cr.savepoint() as savepoint:
                self.tier.rate_ids.write(
                    {"scope": scope, "first_minutes": 30, "step_minutes": 30}
                )
                entries = (
                    self._log(self.ticket, 10, "2026-10-04")
                    + self._log(self.ticket, 10, "2026-10-04")
                    + self._log(self.ticket, 10, "2026-10-05")
                )
                self.assertEqual(entries.mapped("billed_minutes"), billed)
                savepoint.rollback()

    def test_a_changed_rate_rates_open_work_again(self):
        entry = self._log(self.ticket, 35, "2026-10-04")
        self.assertEqual(entry.billed_minutes, 60)
        self.tier.rate_ids.write({"first_minutes": 30, "step_minutes": 6})
        self.assertEqual(entry.billed_minutes, 36)

    def test_hours_left_change_with_each_entry(self):
        self.assertBalance(self.contract, "2026-10-20", pending=0, available=120)
        self._log(self.ticket, 50, "2026-10-04")
        self.assertBalance(self.contract, "2026-10-20", pending=60, available=60)
        entry = self._log(self.ticket, 80, "2026-10-12")
        self.assertBalance(
            self.contract, "2026-10-20", pending=120, available=0, overage=60
        )
        self.assertEqual(
            entry.with_context(lang="en_US").explanation,
            "1:20 → 2:00: per 1:00 or part thereof "
            "(the earlier 0:50 on this ticket is counted as 1:00); "
            "1:00 from package 01.10.2026 – 31.10.2026; 1:00 outside packages",
        )

    def test_work_that_packages_may_not_pay_for_is_overage(self):
        self.tier.rate_ids.uses_packages = False
        self._log(self.ticket, 50, "2026-10-04")
        self.assertBalance(
            self.contract, "2026-10-20", pending=0, available=120, overage=60
        )

    def test_work_without_a_contract_is_kept_and_not_rated(self):
        stranger = self.env["res.partner"].create({"name": "Bez umowy"})
        ticket = self._create_ticket(partner_id=stranger.id)
        entry = self._log(ticket, 50, "2026-10-04")
        self.assertRecordValues(
            entry,
            [
                {
                    "service_contract_id": False,
                    "worked_minutes": 50,
                    "billed_minutes": 0,
                    "explanation": False,
                }
            ],
        )

    def test_a_ticket_may_outlive_its_contract(self):
        self.contract.date_end = "2026-10-10"
        renewed = self._create_contract(start="2026-10-11", contract_line_ids=False)
        entries = self._log(self.ticket, 10, "2026-10-10") + self._log(
            self.ticket, 10, "2026-10-11"
        )
        self.assertEqual(entries.mapped("service_contract_id"), self.contract + renewed)
        self.assertEqual(entries.mapped("billed_minutes"), [60, 60])

    def test_work_finds_a_contract_that_is_extended_or_comes_late(self):
        self.contract.date_end = "2026-10-10"
        entry = self._log(self.ticket, 50, "2026-10-12")
        self.assertFalse(entry.service_contract_id)
        self.contract.date_end = False
        self.assertEqual(entry.service_contract_id, self.contract)
        self.assertEqual(entry.billed_minutes, 60)
        customer = self.env["res.partner"].create({"name": "Najpierw zgłoszenie"})
        ticket = self._create_ticket(partner_id=customer.id)
        entry = self._log(ticket, 50, "2026-10-12")
        late = self._create_contract(customer, code="VIP/9")
        self.assertEqual(ticket.service_contract_id, late)
        self.assertEqual(entry.service_contract_id, late)

    def test_work_leaves_a_contract_that_ends_before_it(self):
        entry = self._log(self.ticket, 50, "2026-10-20")
        self.contract.date_end = "2026-10-15"
        self.assertFalse(entry.service_contract_id)
        with freeze_time("2026-11-04 08:00:00"):
            self._bill(self.contract, "2026-10-31")
            self.assertFalse(self.contract._late_entries())
        self.assertEqual(len(self.contract.settlement_ids), 1)

    def test_a_ticket_with_work_is_not_deleted(self):
        self._log(self.ticket, 50, "2026-10-12")
        with self.assertRefused("Archive the ticket"):
            self.ticket.unlink()

    def test_moving_a_ticket_to_another_contract_moves_its_open_work(self):
        entry = self._log(self.ticket, 50, "2026-10-04")
        other = self._create_contract(
            self.env["res.partner"].create({"name": "Inny klient"})
        )
        self.ticket.partner_id = other.partner_id
        self.assertEqual(entry.service_contract_id, other)

    def test_settled_work_is_locked(self):
        entry = self._log(self.ticket, 50, "2026-10-04")
        with freeze_time("2026-11-04 08:00:00"):
            self._bill(self.contract, "2026-10-31")
        cases = [
            ("unit_amount", 2.0),
            ("date", "2026-10-05"),
            ("ticket_id", self._create_ticket().id),
            ("work_type_id", self.travel.id),
            ("user_id", self.colleague.id),
            ("name", "Dokładniejszy opis"),
            ("amount", 0.0),
            ("partner_id", self.company.partner_id.id),
            ("product_id", self.hour.id),
            ("ref", "Z/1"),
            ("code", "K1"),
        ]
        for user in (self.technician, self.manager, self.env.user):
            locked = entry.with_user(user)
            for name, value in cases:
                with self.subTest(user=user.login, field=name):
                    with self.assertRefused("is settled"):
                        locked[name] = value
            with self.subTest(user=user.login, action="delete"):
                with self.assertRefused("is settled"):
                    locked.unlink()
        self.assertTrue(entry.readonly_timesheet)

    def test_a_settled_entry_ignores_later_changes_of_its_ticket(self):
        entry = self._log(self.ticket, 50, "2026-10-04")
        with freeze_time("2026-11-04 08:00:00"):
            self._bill(self.contract, "2026-10-31")
            with self.assertRefused("is settled under"):
                self.ticket.service_contract_id = False
            self.tier.rate_ids.step_minutes = 15
            self._log(self.ticket, 5, "2026-10-03")
        self.assertRecordValues(
            entry,
            [{"billed_minutes": 60, "service_contract_id": self.contract.id}],
        )

    def test_a_rate_in_use_cannot_be_deleted(self):
        self._log(self.ticket, 50, "2026-10-04")
        with self.assertRefused("is used by work"):
            self.tier.rate_ids.with_user(self.manager).unlink()
        with self.assertRefused("is used by work"):
            self.tier.rate_ids.with_user(self.manager).work_type_id = self.travel

    def test_a_tier_without_the_rates_of_open_work_cannot_be_chosen(self):
        self._log(self.ticket, 50, "2026-10-04")
        empty = self.env["service.tier"].create(
            {"name": "Pusty", "company_id": self.company.id}
        )
        with self.assertRefused("has no rate"):
            self.contract.service_tier_id = empty
