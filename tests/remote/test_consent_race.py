from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ...tools.consent_form import Form


@tagged("post_install", "-at_install")
class TestConsentRace(BaseCase):
    """One person sends the page of terms twice at once.

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

    def take(self, env):
        person = env["res.partner"].browse(self.person_id)
        given = {"channel": "portal", "address": "203.0.113.7"}
        pages = env["service.consent.page"]
        return pages._take_terms(person, env.company, Form(), given)

    def test_the_second_click_is_to_be_tried_again(self):
        with self.connection() as late:
            late.user.read(["login"])
            with self.connection() as first:
                self.take(first)
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self.take(late)
            late.cr.rollback()
            late.transaction.reset()
            self.take(late)
