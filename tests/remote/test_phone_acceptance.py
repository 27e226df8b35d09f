from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ...tools.consent import Statement
from .common import RemoteCommon


@tagged("post_install", "-at_install")
class TestPhoneAcceptance(RemoteCommon):
    """What is said on the phone is noted by anyone who holds the session."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket(partner_id=cls.person.id)
        cls.session = cls._session(cls.ticket)
        cls.documents = (cls.regulations | cls.price_list).version_ids
        cls.env["res.lang"]._activate_lang("en_US")
        cls.technician.lang = "en_US"

    def note(self, ticks=None, user=None, session=None, phone="601 202 303", **vals):
        """Fill in the dialog as ``user``, tick rows by position, and record."""
        session = (session or self.session).with_user(user or self.technician)
        action = session.action_accept_by_phone()
        wizards = self.env[action["res_model"]].with_user(user or self.technician)
        with Form(wizards.with_context(**action["context"])) as form:
            # The number comes last: choosing the person fills it in.
            for name, value in {**vals, "phone": phone}.items():
                setattr(form, name, value)
            for position in range(len(form.line_ids)) if ticks is None else ticks:
                with form.line_ids.edit(position) as line:
                    line.agreed = True
        wizard = form.record
        wizard.action_record()
        return session.sudo().acceptance_ids[:1]

    def test_everything_that_was_said_lets_the_session_start(self):
        acceptance = self.note()
        self.assertRecordValues(
            acceptance,
            [
                {
                    "person_id": self.person.id,
                    "channel": "phone",
                    "phone": "601 202 303",
                    "recorded_by_id": self.technician.id,
                    "address": False,
                    "entitled": True,
                    "backup": True,
                    "present": True,
                    "recording": False,
                }
            ],
        )
        self.assertEqual(acceptance.line_ids.version_id, self.documents)
        author = self.ticket.message_ids[0].author_id
        self.assertEqual(author, self.technician.partner_id)
        self.session.action_start()
        self.assertEqual(self.session.state, "running")

    def test_each_row_is_a_tick_of_its_own(self):
        wizard = self.env["service.phone.acceptance"].with_user(self.technician)
        wizard = wizard.create({"session_id": self.session.id})
        self.assertEqual(wizard.line_ids.version_id, self.documents)
        self.assertEqual(
            wizard.line_ids.filtered("statement").mapped("statement"), [*Statement]
        )
        self.assertFalse(any(wizard.line_ids.mapped("agreed")))
        first = self.documents[0].with_context(lang=self.person.lang)
        self.assertEqual(wizard.line_ids[0].words, first.display_name)

    def test_what_is_not_ticked_stays_missing(self):
        acceptance = self.note(ticks=[0, 2])
        self.assertEqual(acceptance.line_ids.version_id, self.documents[0])
        self.assertTrue(acceptance.entitled)
        self.assertFalse(acceptance.backup or acceptance.present)
        missing = self.env["service.consent"]._missing(self.session)
        self.assertEqual([one.id for one in missing.versions], self.documents[1].ids)
        self.assertEqual(missing.statements, (Statement.BACKUP, Statement.PRESENT))

    def test_statements_that_were_made_in_part_are_asked_for_together(self):
        self.note(ticks=[0, 1, 2])
        acceptance = self.note()
        self.assertFalse(acceptance.line_ids)
        self.assertFalse(self.env["service.consent"]._missing(self.session))

    def test_what_was_read_out_is_kept_in_the_language_of_the_person(self):
        for lang, words in (("pl_PL", "Mam kopię"), ("en_US", "I have a backup")):
            with self.subTest(lang=lang):
                self.env["res.lang"]._activate_lang(lang)
                self.person.lang = lang
                acceptance = self.note(session=self._session(self.ticket))
                self.assertIn(words, acceptance.wording["backup"])

    def test_recording_is_voluntary(self):
        self.assertTrue(self.note(recording="yes").recording)

    def test_what_cannot_be_noted(self):
        now = fields.Datetime.now()
        for vals, message in (
            ({"ticks": []}, "nothing is ticked"),
            ({"given_at": now + timedelta(hours=1)}, "in the future"),
            ({"given_at": "2026-04-30 08:00:00"}, "not been published by then"),
            ({"phone": ""}, "phone number"),
            ({"who": "new", "new_name": " "}, "Enter who (accepted|agreed)"),
            (
                {"who": "new", "new_name": "Ewa Lis", "new_email": "ewa(at)x"},
                "is not an e-mail address",
            ),
        ):
            with self.subTest(message):
                with self.assertRefused(message, (UserError, AssertionError)):
                    try:
                        self.note(**vals)
                    except AssertionError as error:
                        # The form asks for it itself.
                        self.assertIn("phone is a required field", str(error))
                        raise UserError(message) from error
        self.assertFalse(self.session.acceptance_ids)

    def test_a_version_in_between_is_not_noted_unread(self):
        action = self.session.action_accept_by_phone()
        wizards = self.env[action["res_model"]].with_user(self.technician)
        with Form(wizards.with_context(**action["context"])) as form:
            form.phone = "601"
            with form.line_ids.edit(0) as line:
                line.agreed = True
        today = self.company._service_day()
        self._publish(self.regulations, today, published=today)
        with self.assertRefused("another version has come into force"):
            form.record.action_record()

    def test_rows_that_were_forged_are_not_recorded(self):
        other = self._create_terms("Regulamin sklepu", "regulations")
        other.tier_ids = self.tier
        wizards = self.env["service.phone.acceptance"].with_user(self.technician)
        wizard = wizards.create({"session_id": self.session.id, "phone": "601"})
        wizard.line_ids[0].write({"version_id": other.version_ids.id, "agreed": True})
        with self.assertRefused("another version has come into force"):
            wizard.action_record()

    def test_a_contact_of_the_customer_is_added_and_is_at_the_computer(self):
        acceptance = self.note(
            who="new", new_name="Ewa Lis", new_email="ewa@klient.example"
        )
        self.assertRecordValues(
            acceptance.person_id,
            [
                {
                    "name": "Ewa Lis",
                    "email": "ewa@klient.example",
                    "phone": "601 202 303",
                    "parent_id": self.customer.id,
                    "commercial_partner_id": self.customer.id,
                    "is_company": False,
                }
            ],
        )
        self.assertEqual(self.session.person_id, acceptance.person_id)
        with self.assertRefused("", AccessError):
            self.env["res.partner"].with_user(self.technician).create({"name": "X"})

    def test_another_contact_is_asked_for_what_they_have_not_accepted(self):
        other = self.person.copy({"name": "Jan Wójcik"})
        self._accept("2026-06-01 08:00:00", self.regulations.version_ids, other)
        acceptance = self.note(person_id=other)
        self.assertEqual(acceptance.person_id, other)
        self.assertEqual(self.session.person_id, other)
        self.assertEqual(acceptance.line_ids.version_id, self.price_list.version_ids)

    def test_nobody_of_another_customer_accepts(self):
        stranger = self.env["res.partner"].create({"name": "Obcy"})
        with self.assertRefused("is not a contact of", ValidationError):
            self.note(person_id=stranger)

    def test_who_may_note(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Zespół", "company_id": self.company.id}
        )
        other = self._create_ticket(partner_id=self.person.id, team_id=team.id)
        for user, ticket, holder, allowed in (
            (self.technician, self.ticket, self.technician, True),
            (self.colleague, self.ticket, self.technician, False),
            (self.colleague, other, self.technician, False),
            (self.back_office, self.ticket, self.technician, True),
            (self.manager, other, self.technician, True),
            (self.accountant, self.ticket, self.technician, False),
        ):
            with self.subTest(user=user.name, ticket=ticket.name, holder=holder.name):
                session = self.env["service.remote.session"].create(
                    {"ticket_id": ticket.id, "user_id": holder.id}
                )
                if allowed:
                    acceptance = self.note(user=user, session=session)
                    self.assertEqual(acceptance.recorded_by_id, user)
                    continue
                with self.assertRefused("", AccessError):
                    self.note(user=user, session=session)
                wizards = self.env["service.phone.acceptance"].with_user(user)
                with self.assertRefused("", AccessError):
                    wizards.create(
                        {"session_id": session.id, "phone": "601"}
                    ).action_record()

    def test_only_before_the_session(self):
        self.session.action_cancel()
        with self.assertRefused("Plan a new one"):
            self.session.action_accept_by_phone()

    def wizard(self, session=None, user=None, **vals):
        """The dialog as it is made over RPC."""
        session = session or self.session
        wizards = self.env["service.phone.acceptance"].with_user(
            user or self.technician
        )
        return wizards.create({"session_id": session.id, "phone": "601"} | vals)

    def test_refusals_are_in_the_language_of_who_notes_it(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.env["res.lang"]._activate_lang("en_US")
        self.technician.lang = "en_US"
        now = fields.Datetime.now()
        for user_lang, message in (
            ("en_US", "in the future"),
            ("pl_PL", "z przyszłości"),
        ):
            wizard = self.wizard(given_at=now + timedelta(hours=1))
            wizard.line_ids.agreed = True
            with self.subTest(user_lang), self.assertRefused(message):
                wizard.with_context(lang=user_lang).action_record()
        wizard = self.wizard().with_context(lang="en_US")
        wizard.line_ids.agreed = True
        wizard.action_record()
        polish = self.env["service.terms.acceptance"].with_context(lang="pl_PL")
        self.assertEqual(self.session.acceptance_ids.wording, polish._wording())

    def test_the_dialog_tells_nothing_of_sessions_of_others(self):
        company = self._second_company()
        foreign = self._create_user("obcy", "group_technician", company=company)
        for user in (foreign, self.colleague):
            # Without the companies of the test in the context.
            wizards = self.env(user=user, context={})["service.phone.acceptance"]
            with self.subTest(user=user.name):
                with self.assertRefused("", AccessError):
                    wizards.create({"session_id": self.session.id})
                mine = self._create_ticket(
                    partner_id=self.person.id, company_id=user.company_id.id
                )
                mine = self.env["service.remote.session"].create(
                    {"ticket_id": mine.id, "user_id": user.id}
                )
                wizard = wizards.create({"session_id": mine.id})
                with self.assertRefused("", AccessError):
                    wizard.write({"session_id": self.session.id})
        spec = {
            "session_id": {},
            "customer_id": {"fields": {"display_name": {}}},
            "ticket_id": {"fields": {"display_name": {}}},
            "person_id": {"fields": {"display_name": {}}},
        }
        wizards = self.env(user=foreign, context={})["service.phone.acceptance"]
        self.env.invalidate_all()
        with self.assertRefused("", AccessError):
            wizards.onchange({"session_id": self.session.id}, ["session_id"], spec)

    def test_what_the_person_said_by_click_is_not_overturned_by_phone(self):
        self._agree(self.session, fields.Datetime.now())
        rows = [
            Command.create({"statement": str(name), "words": "x", "agreed": True})
            for name in Statement
        ]
        wizard = self.wizard(recording="yes", line_ids=rows)
        with self.assertRefused("Some of it has already been"):
            wizard.action_record()
        self.assertFalse(self.session.recording_allowed)

    def test_recording_is_agreed_to_with_statements(self):
        with self.assertRefused("together with the statements"):
            self.note(ticks=[0, 1], recording="yes")
        self._accept(fields.Datetime.now(), self.regulations.version_ids)
        self._accept(fields.Datetime.now(), (), session=self.session, entitled=True)
        self.assertTrue(self.note(recording="yes").recording)

    def test_a_dialog_is_recorded_once(self):
        for vals in (
            {"who": "known", "person_id": self.person.id},
            {"who": "new", "new_name": "Ewa Lis"},
        ):
            with self.subTest(vals["who"]):
                session = self._session(self.ticket)
                wizard = self.wizard(session, **vals)
                # A statement in part, so that the others are still asked for.
                wizard.line_ids[-1].agreed = True
                wizard.action_record()
                with self.assertRefused("nothing is ticked"):
                    wizard.action_record()
                self.assertEqual(len(session.acceptance_ids), 1)
        contacts = self.env["res.partner"].search([("name", "=", "Ewa Lis")])
        self.assertEqual(len(contacts), 1)

    def test_a_ticket_without_a_customer_gets_one_first(self):
        ticket = self._create_ticket(partner_id=False, partner_name="Ktoś")
        session = self._session(ticket)
        with self.assertRefused(f"customer of ticket {ticket.number}"):
            self.note(session=session, who="new", new_name="Jan Ktoś")

    def test_somebody_else_at_the_computer_is_noted_on_the_ticket(self):
        self.note()
        self.note(person_id=self.person.copy({"name": "Jan Wójcik"}))
        notes = self.ticket.message_ids.filtered(lambda one: "instead" in one.body)
        self.assertEqual(len(notes), 1)
        self.assertIn("Jan Wójcik", notes.body)
        self.assertIn("Anna Nowak", notes.body)
