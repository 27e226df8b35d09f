from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ...tools.consent_form import Form
from ..common import erase_tickets
from .common import STATEMENTS

LINK = {"channel": "link", "address": "203.0.113.7"}


class ConsentRaceCase(BaseCase):
    """One person clicks twice at once. Holds no test.

    What the connections see of each other must be committed, so the test tidies up.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.connection() as env:
            self.person_id = env["res.partner"].create({"name": "Wyścig"}).id
        self.addCleanup(self._delete_person)

    @contextmanager
    def connection(self):
        """A transaction of its own, committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _delete_person(self):
        with self.connection() as env:
            env["res.partner"].browse(self.person_id).unlink()

    def assertTriedAgain(self, click):
        """Assert that the second click fails, and does well when it is repeated."""
        with self.connection() as late:
            late.user.read(["login"])
            with self.connection() as first:
                click(first)
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                click(late)
                late.cr.flush()
            late.cr.rollback()
            late.transaction.reset()
            click(late)


@tagged("post_install", "-at_install")
class TestConsentRace(ConsentRaceCase):
    """The page of terms is sent twice."""

    def take(self, env):
        person = env["res.partner"].browse(self.person_id)
        given = LINK | {"channel": "portal"}
        pages = env["service.consent.page"]
        return pages._take_terms(person, env.company, Form(), given)

    def test_the_second_click_is_to_be_tried_again(self):
        self.assertTriedAgain(self.take)


@tagged("post_install", "-at_install")
class TestWithdrawalRace(ConsentRaceCase):
    """Consent to a recording is taken back twice."""

    def setUp(self):
        super().setUp()
        with self.connection() as env:
            person = env["res.partner"].browse(self.person_id)
            vals = {"name": "Wyścig", "description": "-", "partner_id": person.id}
            ticket = env["helpdesk.ticket"].create(vals)
            session = env["service.remote.session"].create({"ticket_id": ticket.id})
            before = fields.Datetime.now() - timedelta(hours=1)
            env["service.terms.acceptance"]._record(
                person,
                session.company_id,
                LINK | STATEMENTS | {"given_at": before, "recording": True},
                session=session,
            )
            self.session_id, self.ticket_id = session.id, ticket.id
        self.addCleanup(self._delete_session)

    def _delete_session(self):
        with self.connection() as env:
            # Evidence, which stays for good in any other way.
            for table, column in (
                ("service_terms_acceptance", "session_id"),
                ("service_remote_session", "id"),
            ):
                env.cr.execute(
                    f"DELETE FROM {table} WHERE {column} = %s", [self.session_id]
                )
            erase_tickets(env, env["helpdesk.ticket"].browse(self.ticket_id))

    def withdraw(self, env):
        session = env["service.remote.session"].browse(self.session_id)
        session._withdraw_recording(LINK)

    def test_consent_is_taken_back_once(self):
        self.assertTriedAgain(self.withdraw)
        with self.connection() as env:
            session = env["service.remote.session"].browse(self.session_id)
            given = session.acceptance_ids.sorted("id").mapped("recording")
            self.assertEqual(given, [True, False])
