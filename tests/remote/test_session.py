from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import MODULE
from .common import STATEMENTS, RemoteCommon

MORNING = "2026-10-05 08:00:00"
BACK_OFFICE = f"{MODULE}.group_back_office"


@tagged("post_install", "-at_install")
class TestSessionWork(RemoteCommon):
    """What sessions are worth, by the rows of the price list."""

    def help_for(self, minutes, ticket=None, start=MORNING, **vals):
        """A whole session of some minutes; its work entry."""
        session = self._session(ticket, **vals)
        self._agree(session, start)
        begin = fields.Datetime.to_datetime(start)
        return self._run(session, start, begin + timedelta(minutes=minutes))

    def net(self, ticket):
        """What the customer is billed for a ticket that is done."""
        ticket._close()
        account = ticket.timesheet_ids.service_contract_id
        with freeze_time("2026-11-04 08:00:00"):
            return sum(self._bill(account, "2026-10-31").mapped("amount_untaxed"))

    def test_started_half_hours(self):
        cases = [(1, 30), (30, 30), (31, 60), (35, 60), (60, 60), (61, 90)]
        for worked, billed in cases:
            with self.subTest(worked=worked):
                entry = self.help_for(worked)
                self.assertRecordValues(
                    entry,
                    [
                        {
                            "worked_minutes": worked,
                            "billed_minutes": billed,
                            "charge": "money",
                            "employee_id": self.technician.employee_id.id,
                        }
                    ],
                )

    def test_the_first_session_costs_180_net_and_221_40_gross(self):
        ticket = self._create_ticket(partner_id=self.person.id)
        self.help_for(35, ticket)
        ticket._close()
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(ticket.ad_hoc_contract_id, "2026-10-31")
        self.assertRecordValues(
            invoice,
            [{"amount_untaxed": 180.0, "amount_tax": 41.4, "amount_total": 221.4}],
        )

    def test_a_second_session_of_the_day(self):
        for scope, billed, net in (("block", 90, 270.0), ("ticket_day", 60, 180.0)):
            with self.subTest(scope=scope), self.cr.savepoint() as savepoint:
                self.retail.rate_ids.scope = scope
                ticket = self._create_ticket(partner_id=self.person.id)
                self.help_for(35, ticket)
                self.help_for(10, ticket, "2026-10-05 12:00:00")
                entries = ticket.timesheet_ids
                self.assertEqual(sum(entries.mapped("billed_minutes")), billed)
                self.assertEqual(self.net(ticket), net)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_the_price_of_the_contract_wins(self):
        hour = self._create_product("Pomoc zdalna w umowie", 150.0)
        tier = self._create_tier(
            "Pomoc z umową", product=hour, first_minutes=30, step_minutes=30
        )
        contract = self._create_contract(
            service_tier_id=tier.id, allowance_minutes=0, contract_line_ids=[]
        )
        ticket = self._create_ticket(partner_id=self.person.id)
        self.help_for(35, ticket)
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(contract, "2026-10-31")
        self.assertEqual(invoice.amount_untaxed, 150.0)

    def test_the_clock_on_the_wall_counts(self):
        cases = [
            ("2026-10-05 08:00:59", "2026-10-05 08:35:01", 35),
            ("2026-10-05 08:00:00", "2026-10-05 08:00:30", 1),
            ("2026-10-05 08:00:00", "2026-10-05 08:00:00", 1),
            # Summer time ends: an hour happens twice, and was worked twice.
            ("2026-10-24 23:30:00", "2026-10-25 01:30:00", 120),
        ]
        for start, end, minutes in cases:
            with self.subTest(start=start):
                session = self._session()
                self._agree(session)
                self.assertEqual(self._run(session, start, end).worked_minutes, minutes)

    def test_work_past_midnight_is_of_the_day_it_began(self):
        session = self._session()
        self._agree(session)
        entry = self._run(session, "2026-10-05 21:30:00", "2026-10-05 22:45:00")
        self.assertEqual(entry.date, self._day("2026-10-05"))
        self.assertEqual(entry.worked_minutes, 75)

    def test_connecting_answers_the_customer(self):
        self.env["service.tier.target"].create(
            {
                "tier_id": self.retail.id,
                "metric": "reaction",
                "amount": 10,
                "unit": "days",
                "calendar_id": self.company.resource_calendar_id.id,
            }
        )
        day = "2026-10-05"
        session = self._session(self._create_ticket(day=day, partner_id=self.person.id))
        self._agree(session)
        reaction = session.ticket_id.sudo().sla_timer_ids
        self.assertEqual(reaction.state, "running")
        with freeze_time("2026-10-05 08:30:00"):
            session.action_start()
        self.assertEqual(reaction.state, "met")

    def test_a_package_pays_as_for_other_work(self):
        self._create_contract()
        ticket = self._create_ticket(partner_id=self.person.id)
        entry = self.help_for(35, ticket)
        self.assertEqual((entry.charge, entry.billed_minutes), ("full", 60))


@tagged("post_install", "-at_install")
class TestConsent(RemoteCommon):
    """Nobody connects to a computer without the consent of who sits at it."""

    def start(self, session, moment=MORNING):
        with freeze_time(moment):
            session.action_start()
            self.env.flush_all()

    def assertMissing(self, session, words, moment=MORNING):
        with self.assertRefused(f"(?s){words}", RedirectWarning):
            self.start(session, moment)
        self.assertEqual(session.state, "planned")

    def test_without_terms_both_documents_are_named(self):
        self.assertMissing(
            self._session(), "Anna Nowak.*Regulamin pomocy.*Cennik pomocy.*invitation"
        )

    def test_a_new_version_asks_again_from_its_day_on(self):
        session = self._session()
        self._agree(session, "2026-05-20 08:00:00")
        self._publish(self.regulations, "2026-06-01", "2026-05-25")
        missing = "Regulamin pomocy zdalnej, version 2"
        # By the company's clock: the first minute of June is still May in UTC.
        self.assertMissing(session, missing, "2026-05-31 22:00:00")
        self.start(session, "2026-05-31 21:59:00")
        self.assertEqual(len(session.accepted_line_ids), 2)

    def test_version_two_accepted_opens_the_door(self):
        session = self._session()
        self._agree(session, "2026-05-20 08:00:00")
        self._publish(self.regulations, "2026-06-01", "2026-05-25")
        self._agree(session, "2026-06-01 07:00:00")
        self.start(session, "2026-06-01 08:00:00")
        accepted = session.accepted_line_ids.version_id
        self.assertEqual(sorted(accepted.mapped("number")), [1, 2])

    def test_each_statement_is_asked_for(self):
        words = {
            "entitled": "the right to share this computer",
            "backup": "have a backup",
            "present": "be at the computer",
        }
        documents = self.env["service.terms.version"].search(
            [("company_id", "=", self.company.id)]
        )
        for left_out, sentence in words.items():
            with self.subTest(left_out=left_out):
                session = self._session()
                made = {k: True for k in STATEMENTS if k != left_out}
                self._accept("2026-10-04 08:00:00", documents, session=session, **made)
                with self.assertRaises(RedirectWarning) as refused:
                    self.start(session)
                asked = refused.exception.args[0]
                self.assertIn(sentence, asked)
                self.assertEqual(asked.count("•"), 1)

    def test_statements_count_for_one_session(self):
        first = self._session()
        self._agree(first)
        self._run(first, MORNING, "2026-10-05 08:30:00")
        second = self._session(first.ticket_id)
        self.assertMissing(second, "backup", "2026-10-05 10:00:00")
        self._accept("2026-10-05 10:00:00", [], session=second, **STATEMENTS)
        self.start(second, "2026-10-05 10:01:00")
        self.assertEqual(second.state, "running")

    def test_what_somebody_else_accepted_does_not_count(self):
        session = self._session()
        self._agree(session)
        other = self.person.copy({"name": "Jan Kowalski", "email": "jan@x.example"})
        session.person_id = other
        self.assertMissing(session, "Jan Kowalski.*Regulamin.*Cennik")

    def test_what_is_accepted_later_does_not_count_before(self):
        session = self._session()
        self._agree(session, "2026-10-05 09:00:00")
        self.assertMissing(session, "Regulamin", "2026-10-05 08:59:00")

    def test_a_company_without_documents_is_told_what_to_do(self):
        self.price_list.active = False
        session = self._session()
        with self.assertRefused("(?s)no version in force.*publish"):
            self.start(session)

    def test_documents_of_other_tiers_are_not_asked_for(self):
        vip = self._create_terms("Cennik VIP", "price_list", tier_ids=self.tier.ids)
        session = self._session()
        self._agree(session)
        self.start(session)
        self.assertNotIn(vip, session.accepted_line_ids.version_id.terms_id)
        self._create_contract()
        under_contract = self._session()
        self.assertMissing(under_contract, "Cennik VIP", "2026-10-05 12:00:00")

    def test_recording_needs_its_own_consent(self):
        for allowed in (False, True):
            with self.subTest(allowed=allowed):
                session = self._session()
                versions = self.env["service.terms.version"].search(
                    [("company_id", "=", self.company.id)]
                )
                given = STATEMENTS | {"recording": allowed}
                self._accept("2026-10-05 07:00:00", versions, session=session, **given)
                self.start(session)
                with freeze_time("2026-10-05 08:30:00"):
                    if not allowed:
                        with self.assertRefused("did not consent to this session"):
                            session._end("solved", "Zrobione", recorded=True)
                    session._end("solved", "Zrobione", recorded=allowed)
                self.assertEqual(session.recorded, allowed)

    def test_consent_comes_before_the_session(self):
        session = self._session()
        self._agree(session)
        self.start(session)
        with self.assertRefused("already been started"):
            self._accept("2026-10-05 08:10:00", [], session=session, **STATEMENTS)

    def test_expert_services_are_no_remote_help(self):
        expert = self.env["helpdesk.ticket.category"].create({"name": "Bazy danych"})
        below = self.env["helpdesk.ticket.category"].create(
            {"name": "Naprawa bazy", "parent_id": expert.id}
        )
        self.retail.scope_ids = [
            Command.create({"category_id": expert.id, "treatment": "quote"})
        ]
        ticket = self._create_ticket(partner_id=self.person.id, category_id=below.id)
        session = self._session(ticket)
        self._agree(session)
        with self.assertRefused("a quote accepted by the customer", RedirectWarning):
            self.start(session)
        self.assertEqual(session.state, "planned")
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "ticket_id": ticket.id,
                "order_line": [Command.create({"product_id": self.remote_hour.id})],
            }
        )
        order.action_confirm()
        self.start(session)
        self.assertEqual(session.state, "running")


@tagged("post_install", "-at_install")
class TestSessionRules(RemoteCommon):
    """What may be done with a session, by whom, and what bad input is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = cls._session()
        cls._agree(cls.session)

    def start(self, moment=MORNING):
        with freeze_time(moment):
            self.session.action_start()
            self.env.flush_all()

    def end(self, moment, outcome="solved", note="Zrobione", ended_at=None, **vals):
        with freeze_time(moment):
            at = ended_at and fields.Datetime.to_datetime(ended_at)
            self.session._end(outcome, note, at, **vals)
            self.env.flush_all()

    def test_one_session_of_a_technician_runs(self):
        self.start()
        second = self._session()
        self._agree(second)
        with (
            freeze_time("2026-10-05 08:10:00"),
            self.assertRefused("has been in a session since"),
        ):
            second.action_start()
        third = self._session(user=self.colleague)
        self._agree(third)
        with freeze_time("2026-10-05 08:10:00"):
            third.action_start()
        self.assertEqual(third.state, "running")

    def test_a_session_runs_once(self):
        self.start()
        with self.assertRefused("already been started"):
            self.start()
        self.end("2026-10-05 08:30:00")
        with self.assertRefused("is not running"):
            self.end("2026-10-05 08:40:00")
        self.assertEqual(len(self.session.ticket_id.timesheet_ids), 1)

    def test_a_ticket_shows_its_own_sessions(self):
        self._session()
        ticket = self.session.ticket_id.with_user(self.technician)
        also = self._session(ticket)
        action = ticket.action_open_sessions()
        shown = self.session.search(action["domain"])
        self.assertEqual(shown, self.session | also)
        self.assertEqual(ticket.session_count, 2)
        new = shown.with_user(self.technician).with_context(**action["context"])
        self.assertEqual(new.create({}).ticket_id, ticket)

    def test_a_forgotten_session_is_ended_by_a_person(self):
        self.start("2026-10-05 14:00:00")
        with self.assertRefused("Enter when it really ended"):
            self.end("2026-10-06 06:00:00")
        self.assertFalse(self.session.ticket_id.timesheet_ids)
        self.end("2026-10-06 06:00:00", ended_at="2026-10-05 14:50:00")
        self.assertEqual(self.session.entry_id.worked_minutes, 50)

    def test_three_hours_are_not_forgotten_yet(self):
        self.start("2026-10-05 08:00:00")
        self.end("2026-10-05 11:00:00")
        self.assertEqual(self.session.minutes, 180)

    def test_when_a_session_may_end(self):
        self.start("2026-10-05 08:00:00")
        cases = [
            ("2026-10-05 07:59:00", "after its start"),
            ("2026-10-05 09:01:00", "not in the future"),
        ]
        for ended_at, message in cases:
            with self.subTest(ended_at=ended_at), self.assertRefused(message):
                self.end("2026-10-05 09:00:00", ended_at=ended_at)
        with self.assertRefused("24 hours at most"):
            self.end("2026-10-06 09:00:00", ended_at="2026-10-06 08:01:00")
        self.end("2026-10-05 09:00:00", ended_at="2026-10-05 09:00:00")
        self.assertEqual(self.session.minutes, 60)

    def test_what_was_done_is_said(self):
        self.start()
        for note in ("", "  ", None):
            with self.subTest(note=note), self.assertRefused("Enter what was done"):
                self.end("2026-10-05 08:30:00", note=note)

    def test_nobody_writes_what_starting_and_ending_write(self):
        protected = {
            "state": "ended",
            "started_at": MORNING,
            "ended_at": MORNING,
            "outcome": "solved",
            "note": "x",
            "recorded": True,
            "entry_id": 1,
            "consent_id": 1,
            "accepted_line_ids": [Command.clear()],
        }
        for user in (self.technician, self.manager, self.env.user):
            for name, value in protected.items():
                with (
                    self.subTest(user=user.login, name=name),
                    self.assertRefused("starting or ending"),
                ):
                    self.session.with_user(user).write({name: value})
        sessions = self.env["service.remote.session"].with_user(self.technician)
        ticket = {"ticket_id": self.session.ticket_id.id}
        with self.assertRefused("starting or ending"):
            sessions.create(ticket | {"state": "running"})
        with self.assertRefused("starting or ending"):
            sessions.with_context(default_started_at=MORNING).create(ticket)

    def test_a_session_that_runs_or_ended_keeps_its_people(self):
        self.start()
        for name in ("person_id", "user_id", "planned_start"):
            with (
                self.subTest(name=name),
                self.assertRefused("cannot be changed"),
            ):
                self.session.write({name: False})
        self.session.connection_number = "123 456 789"
        self.end("2026-10-05 08:30:00")
        with self.assertRefused("cannot be changed"):
            self.session.connection_number = "1"

    def test_what_somebody_agreed_to_is_not_deleted(self):
        with self.assertRefused("has an acceptance"):
            self.session.unlink()
        self._session().unlink()

    def test_the_work_of_a_session_stays(self):
        self.start()
        self.end("2026-10-05 08:30:00")
        with self.assertRefused("session"):
            self.session.entry_id.with_user(self.technician).unlink()

    def test_a_cancelled_session_is_over(self):
        self.session.action_cancel()
        with self.assertRefused("already been started or cancelled"):
            self.start()

    def test_whose_session_it_is(self):
        refused = [(self.colleague, AccessError), (self.accountant, AccessError)]
        for user, error in refused:
            with self.subTest(user=user.login), freeze_time(MORNING):
                session = self.session.with_user(user)
                with self.assertRaises(error), self.cr.savepoint():
                    session.action_start()
                with self.assertRaises(error), self.cr.savepoint():
                    session.connection_number = "1"
        self.assertEqual(self.session.with_user(self.accountant).state, "planned")
        self.start()
        with freeze_time("2026-10-05 08:30:00"):
            self.session.with_user(self.back_office)._end("solved", "Za kolegę")
        self.assertRecordValues(
            self.session.entry_id,
            [{"employee_id": self.technician.employee_id.id, "worked_minutes": 30}],
        )

    def test_other_teams_do_not_see_it(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Inny", "user_ids": self.colleague.ids}
        )
        ticket = self._create_ticket(partner_id=self.person.id, team_id=team.id)
        session = self._session(ticket, user=self.colleague)
        self._agree(session)
        mine = session.with_user(self.technician)
        for records in (mine, mine.acceptance_ids.browse(session.acceptance_ids.ids)):
            with self.assertRaises(AccessError):
                records.check_access("read")
        session.acceptance_ids.with_user(self.colleague).check_access("read")

    def test_companies_do_not_mix(self):
        other = self._second_company()
        stranger = self._create_user("obcy", "group_manager", company=other)
        acceptance = self.session.acceptance_ids
        for records in (
            self.session,
            acceptance,
            acceptance.line_ids,
            self.regulations,
            self.regulations.version_ids,
        ):
            with self.subTest(model=records._name):
                theirs = records.with_user(stranger).with_context(
                    allowed_company_ids=other.ids
                )
                self.assertFalse(theirs.search([]) & records)
                with self.assertRaises(AccessError):
                    theirs.check_access("read")

    def test_nobody_writes_an_acceptance(self):
        acceptance = self.session.acceptance_ids
        line = acceptance.line_ids[:1]
        vals = {
            "person_id": self.person.id,
            "person_name": "Anna Nowak",
            "commercial_partner_id": self.customer.id,
            "company_id": self.company.id,
            "given_at": MORNING,
            "channel": "phone",
        }
        for user in (self.technician, self.manager, self.env.user):
            for record in (acceptance.with_user(user), line.with_user(user)):
                model = record._name
                with self.subTest(user=user.login, model=model):
                    with self.assertRefused("never changes", AccessError):
                        record.write({"create_date": MORNING})
                    with self.assertRaises(AccessError), self.cr.savepoint():
                        record.unlink()
                    with self.assertRaises(AccessError), self.cr.savepoint():
                        record.create(dict(vals))

    def test_who_may_be_at_the_computer(self):
        stranger = self.env["res.partner"].create({"name": "Obcy Człowiek"})
        for person in (self.customer, stranger):
            with (
                self.subTest(person=person.name),
                self.assertRefused("is not a contact of"),
            ):
                self.session.person_id = person

    def test_without_a_person_nobody_starts(self):
        ticket = self._create_ticket(partner_id=self.customer.id)
        session = self._session(ticket)
        self.assertFalse(session.person_id)
        with self.assertRefused("Choose who will be at the computer"):
            session.action_start()

    def test_what_would_stop_the_billing_stops_the_start(self):
        self.technician.employee_id.unlink()
        with self.assertRefused("no employee"):
            self.start()
        self.retail.rate_ids.unlink()
        with self.assertRefused("has no rate for the work type"):
            self.start()

    def test_the_consent_is_for_one_customer(self):
        other = self.env["res.partner"].create(
            {"name": "Inny Klient", "is_company": True}
        )
        self.session.ticket_id.partner_id = other
        with self.assertRefused("Anna Nowak.* is not a contact of Inny Klient"):
            self.start()

    def test_a_ticket_keeps_its_customer_while_somebody_helps(self):
        other = self.env["res.partner"].create({"name": "Inny Klient"})
        self.start()
        ticket = self.session.ticket_id
        for end in (False, True):
            if end:
                self.end("2026-10-05 08:30:00")
            with (
                self.subTest(end=end),
                self.assertRefused("Remote help has been given to"),
            ):
                ticket.partner_id = other
        ticket.partner_id = self.customer

    def test_who_changed_company_or_name_is_somebody_else(self):
        other = self.env["res.partner"].create(
            {"name": "Inny Klient", "is_company": True}
        )
        moved = [{"parent_id": other.id}, {"name": "Jan Inny"}]
        for vals in moved:
            with self.subTest(vals=vals):
                with self.cr.savepoint() as savepoint:
                    self.person.write(vals)
                    missing = self.env["service.consent"]._missing(self.session)
                    self.assertEqual(len(missing.versions), 2)
                    self.assertEqual(len(missing.statements), 3)
                    # The page says the same as the session, so nobody is stuck.
                    page = self.env["service.consent.page"]
                    asked = page._missing_terms(self.person, self.company)
                    self.assertEqual(len(asked.versions), 2)
                    savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_a_contact_without_a_name_is_nobody(self):
        for vals in ({"type": "invoice", "name": False}, {"type": "delivery"}):
            with self.subTest(vals=vals):
                place = self.person.copy({"name": "Magazyn"} | vals)
                session = self._session(self._create_ticket(partner_id=place.id))
                self.assertFalse(session.person_id)
        self.person.active = False
        with self.assertRefused("is not a contact of"):
            self.start()

    def test_who_agreed_is_not_deleted(self):
        self.session.ticket_id.partner_id = self.customer
        with self.assertRefused("kept as evidence"):
            self.person.with_user(self.manager).unlink()

    def test_only_the_technician_connects_and_only_while_it_runs(self):
        self.session.connection_number = "123 456 789"
        with self.assertRefused("is not running"):
            self.session.action_connect()
        self.start()
        self.assertEqual(
            self.session.action_connect()["params"], {"url": "anydesk:123456789"}
        )
        with self.assertRaises(AccessError):
            self.session.with_user(self.colleague).action_connect()

    def test_nobody_helps_on_a_closed_ticket(self):
        self.session.ticket_id._close()
        with self.assertRefused("Reopen it before you help"):
            self.start()

    def test_help_that_was_given_is_logged_whatever_was_decided_meanwhile(self):
        self.start()
        self.session.ticket_id.sudo().quote_first = True
        self.end("2026-10-05 08:30:00")
        entry, ticket = self.session.entry_id, self.session.ticket_id
        self.assertEqual((entry.worked_minutes, entry.charge), (30, "hold"))
        self.assertEqual(len(ticket.sudo().activity_ids), 1)
        with self.assertRefused("requires a quote", RedirectWarning):
            self._log_on(ticket, 30, "2026-10-06")

    def test_a_rate_that_went_missing_asks_for_another_kind_of_work(self):
        self.start()
        diagnosis = self.env.ref(f"{MODULE}.work_type_diagnosis")
        self.retail.rate_ids.sudo().write({"work_type_id": diagnosis.id})
        with self.assertRefused("Choose another work type"):
            self.end("2026-10-05 08:30:00")
        self.session.work_type_id = diagnosis
        self.end("2026-10-05 08:30:00")
        self.assertEqual(self.session.entry_id.work_type_id, diagnosis)

    def test_a_plan_follows_who_pays(self):
        diagnosis = self.env.ref(f"{MODULE}.work_type_diagnosis")
        diagnosis.remote = True
        self.retail.rate_ids.sudo().write({"work_type_id": diagnosis.id})
        self.start()
        self.assertEqual(self.session.work_type_id, diagnosis)

    def test_the_session_of_somebody_who_left_is_ended_for_them(self):
        self.start()
        self.technician.employee_id.sudo().active = False
        with freeze_time("2026-10-05 08:30:00"):
            self.session.with_user(self.back_office)._end("solved", "Za kolegę")
        self.assertEqual(
            self.session.entry_id.employee_id, self.back_office.employee_id
        )

    def test_a_session_is_ended_wherever_its_ticket_went(self):
        self.start()
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Inny", "user_ids": self.colleague.ids}
        )
        self.session.ticket_id.sudo().write({"team_id": team.id, "user_id": False})
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.session.ticket_id.with_user(self.technician).check_access("read")
        self.end("2026-10-05 08:30:00", outcome="not_remote")
        self.assertEqual(self.session.minutes, 30)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._session(self.session.ticket_id.sudo())
            self.env.flush_all()

    def test_the_work_of_a_session_is_what_its_clock_told_or_less(self):
        self.start()
        self.end("2026-10-05 08:30:00")
        entry = self.session.entry_id.with_user(self.technician)
        other = self._create_ticket(partner_id=self.person.id)
        for vals in (
            {"ticket_id": other.id},
            {"date": "2026-09-30"},
            {"started_at": "2026-10-05 06:00:00"},
            {"employee_id": self.colleague.employee_id.id},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRefused("whom is recorded on the session"),
            ):
                entry.write(vals)
        with self.assertRefused("session lasted 0:30"):
            entry.unit_amount = 31 / 60
        longer = self._session()
        self._agree(longer)
        self._run(longer, "2026-10-05 09:00:00", "2026-10-05 09:50:00")
        for both in (entry | longer.entry_id, longer.entry_id | entry):
            with self.assertRefused("session lasted 0:30"):
                both.with_user(self.technician).unit_amount = 40 / 60
        entry.write({"unit_amount": 20 / 60, "name": "Krócej"})
        self.assertEqual(entry.worked_minutes, 20)

    def test_a_ticket_with_help_is_not_deleted(self):
        with self.assertRefused("Archive the ticket"):
            self.session.ticket_id.with_user(self.manager).unlink()

    def test_a_plan_keeps_clear_of_the_session_that_runs(self):
        self.start("2026-10-05 08:00:00")
        for start, refused in (
            ("2026-10-05 08:59:00", True),
            ("2026-10-05 09:00:00", False),
            ("2026-10-05 07:00:00", False),
        ):
            with self.subTest(start=start):
                if refused:
                    with self.assertRefused("has another session"):
                        self._session(planned_start=start)
                else:
                    self._session(planned_start=start)

    def test_lengths_of_a_plan(self):
        for minutes in (0, -1, 1441):
            with (
                self.subTest(minutes=minutes),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
            ):
                self.session.planned_minutes = minutes
                self.env.flush_all()

    def test_links_of_tools(self):
        tool = self.env.ref(f"{MODULE}.tool_anydesk")
        self.assertEqual(tool._url(" 123 456 789 "), "anydesk:123456789")
        self.assertFalse(tool._url(""))
        self.assertEqual(tool._url("a&b"), "anydesk:a%26b")
        for link in (
            "javascript:{number}",
            " javascript:{number}",
            "java\tscript:{number}",
            "\x01javascript:{number}",
            "data:text/html,{number}",
            "{number}",
            "anydesk:",
        ):
            with (
                self.subTest(link=link),
                self.assertRefused("a remote program must contain its"),
            ):
                tool.link = link


@tagged("post_install", "-at_install")
class TestVisit(RemoteCommon):
    """Where remote help cannot solve it, somebody drives there, with a quote."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.on_site = cls.env.ref(f"{MODULE}.work_type_on_site")
        cls.visit_hour = cls._create_product("Wizyta", 200.0)
        trip = cls._create_product("Dojazd", 80.0, "product_uom_unit")
        cls.retail.rate_ids = [
            Command.create(
                {"work_type_id": cls.on_site.id, "product_id": cls.visit_hour.id}
            ),
            Command.create(
                {
                    "work_type_id": cls.travel.id,
                    "product_id": cls.visit_hour.id,
                    "flat_product_id": trip.id,
                    "step_minutes": 0,
                }
            ),
        ]

    def cannot_be_solved(self, minutes=20):
        session = self._session()
        self._agree(session)
        end = fields.Datetime.to_datetime(MORNING) + timedelta(minutes=minutes)
        self._run(session, MORNING, end, "not_remote")
        return session

    def test_the_session_is_billed_and_the_visit_is_quoted(self):
        session = self.cannot_be_solved()
        ticket, visit = (session.ticket_id | session.visit_ticket_id).sudo()
        self.assertTrue(ticket.closed)
        self.assertNotEqual(visit, ticket)
        self.assertEqual(visit.coverage_code, "quote")
        self.assertEqual(visit.quote_ids.order_line.mapped("price_unit"), [200.0, 80.0])
        self.assertEqual(visit.quote_ids.state, "draft")
        # Who cannot see prices is not mailed any.
        priced = visit.quote_ids, ticket.ad_hoc_contract_id
        for record in priced:
            followers = record.sudo().message_partner_ids
            self.assertNotIn(self.technician.partner_id, followers)
        self.assertEqual(len(visit.activity_ids), 1)
        with self.assertRefused("requires a quote", RedirectWarning):
            self._log_on(visit, 60, "2026-10-06", work_type_id=self.on_site.id)
        visit.sudo().quote_ids.action_confirm()
        self._log_on(visit, 60, "2026-10-06", work_type_id=self.on_site.id)
        with freeze_time("2026-11-04 08:00:00"):
            invoice = self._bill(ticket.ad_hoc_contract_id, "2026-10-31")
        # Half an hour of remote help; the visit is billed by its quote.
        self.assertEqual(invoice.amount_untaxed, 90.0)

    def test_where_the_contract_pays_for_visits_the_ticket_goes_on(self):
        self.tier.rate_ids = [
            Command.create(
                {"work_type_id": self.on_site.id, "product_id": self.hour.id}
            )
        ]
        self._create_contract()
        session = self.cannot_be_solved()
        self.assertEqual(session.visit_ticket_id, session.ticket_id)
        self.assertFalse(session.ticket_id.closed)
        self.assertEqual(len(session.ticket_id.activity_ids), 1)
        entry = self._log_on(
            session.ticket_id, 60, "2026-10-06", work_type_id=self.on_site.id
        )
        self.assertEqual(entry.charge, "full")

    def test_a_contract_without_visits_needs_a_quote_for_one(self):
        self._create_contract()
        session = self.cannot_be_solved()
        self.assertEqual(session.visit_ticket_id.coverage_code, "quote")
        self.assertEqual(session.entry_id.charge, "full")

    def test_a_complaint_goes_on_as_a_complaint(self):
        first = self._create_ticket(partner_id=self.person.id)
        complaint = self._create_ticket(
            partner_id=self.person.id, complaint_of_id=first.id
        )
        session = self._session(complaint)
        self._agree(session)
        self._run(session, MORNING, "2026-10-05 08:20:00", "not_remote")
        self.assertEqual(session.visit_ticket_id, complaint)
        self.assertEqual(session.entry_id.charge, "hold")

    def test_basic_support_is_no_contract_for_visits(self):
        basic = self._create_tier("Pomoc podstawowa")
        basic.kind = "basic"
        item = self.env["maintenance.equipment"].create(
            {
                "name": "Program",
                "customer_id": self.customer.id,
                "company_id": self.company.id,
                "licence_bought_on": "2026-09-01",
            }
        )
        ticket = self._create_ticket(partner_id=self.person.id, item_id=item.id)
        self.assertEqual(ticket.coverage_code, "basic")
        session = self._session(ticket)
        self._agree(session)
        self._run(session, MORNING, "2026-10-05 08:20:00", "not_remote")
        self.assertEqual(session.visit_ticket_id.coverage_code, "quote")

    def test_a_visit_under_warranty_is_owed(self):
        item = self.env["maintenance.equipment"].create(
            {
                "name": "Drukarka",
                "customer_id": self.customer.id,
                "company_id": self.company.id,
                "warranty_date": "2027-09-01",
            }
        )
        ticket = self._create_ticket(partner_id=self.person.id, item_id=item.id)
        session = self._session(ticket)
        self._agree(session)
        self._run(session, MORNING, "2026-10-05 08:20:00", "not_remote")
        self.assertEqual(session.visit_ticket_id, ticket)
        self.assertFalse(ticket.sudo().quote_ids)

    def test_a_visit_is_arranged_once(self):
        ticket = self._create_ticket(partner_id=self.person.id)
        sessions = [self._session(ticket, user=u) for u in (None, self.colleague)]
        for session in sessions:
            self._agree(session)
            with freeze_time(MORNING):
                session.action_start()
        for session in sessions:
            with freeze_time("2026-10-05 08:20:00"):
                session._end("not_remote", "Nie da się")
            last = session == sessions[-1]
            self.assertEqual(ticket.closed, last)
        visits = {session.visit_ticket_id for session in sessions}
        self.assertEqual(len(visits), 1)
        self.assertEqual(len(visits.pop().sudo().quote_ids), 1)

    def test_back_office_arranges_the_visit(self):
        self.manager.active = False
        visit = self.cannot_be_solved().visit_ticket_id.sudo()
        self.assertTrue(visit.activity_ids.user_id.has_group(BACK_OFFICE))
        self.assertEqual(visit.quote_ids.user_id, visit.activity_ids.user_id)
        self.assertFalse(visit._awaits_answer())

    def test_without_a_closed_stage_the_ticket_stays_open(self):
        self.env["helpdesk.ticket.stage"].search([("closed", "=", True)]).closed = False
        session = self.cannot_be_solved()
        self.assertFalse(session.ticket_id.closed)

    def test_only_back_office_sends_a_ticket_to_a_quote(self):
        ticket = self._create_ticket(partner_id=self.person.id)
        with self.assertRaises(AccessError), self.cr.savepoint():
            ticket.with_user(self.technician).quote_first = True
        ticket.with_user(self.back_office).quote_first = True
        self.assertEqual(ticket.coverage_code, "quote")

    def test_a_technician_sees_no_price_of_the_quote(self):
        session = self.cannot_be_solved()
        quotes = session.visit_ticket_id.sudo().quote_ids.with_user(self.technician)
        with self.assertRaises(AccessError):
            quotes.check_access("read")


@tagged("post_install", "-at_install")
class TestEndDialog(RemoteCommon):
    def dialog(self, session, moment, **vals):
        with freeze_time(moment):
            ends = self.env["service.session.end"].with_user(self.technician)
            return ends.with_context(default_session_id=session.id).create(vals)

    def test_it_tells_what_will_be_billed_and_ends_as_shown(self):
        session = self._session()
        self._agree(session)
        with freeze_time(MORNING):
            session.action_start()
        end = self.dialog(session, "2026-10-05 08:35:00", note="Nowy sterownik")
        self.assertRecordValues(
            end, [{"minutes": 35, "billed_minutes": 60, "close_ticket": True}]
        )
        self.assertFalse(session.ticket_id.timesheet_ids)
        with freeze_time("2026-10-05 08:41:00"):
            end.action_end()
        self.assertRecordValues(
            session.entry_id, [{"worked_minutes": 35, "name": "Nowy sterownik"}]
        )
        self.assertTrue(session.ticket_id.closed)

    def test_a_forgotten_one_asks_when(self):
        session = self._session()
        self._agree(session)
        with freeze_time(MORNING):
            session.action_start()
        end = self.dialog(session, "2026-10-06 08:00:00", note="x", outcome="continued")
        self.assertTrue(end.is_forgotten)
        self.assertFalse(end.ended_at)
        with freeze_time("2026-10-06 08:00:00"):
            with self.assertRefused("Enter when"):
                end.action_end()
            end.ended_at = "2026-10-05 08:40:00"
            end.action_end()
        self.assertEqual(session.minutes, 40)
        self.assertFalse(session.ticket_id.closed)

    def test_strangers_have_no_dialog(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Inny", "user_ids": self.colleague.ids}
        )
        ticket = self._create_ticket(partner_id=self.person.id, team_id=team.id)
        session = self._session(ticket, user=self.colleague)
        with self.assertRaises(AccessError):
            self.dialog(session, MORNING)
