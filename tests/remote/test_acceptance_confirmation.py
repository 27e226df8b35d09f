from lxml import html as lxml_html

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import MODULE
from .common import STATEMENTS, RemoteCommon

REPORT = f"{MODULE}.acceptance_confirmation"


@tagged("post_install", "-at_install")
class TestAcceptanceConfirmation(RemoteCommon):
    """What stands on the paper, and who may print it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.person.lang = "en_US"
        cls.planned = cls._session()
        versions = (cls.regulations | cls.price_list).version_ids
        cls.acceptance = cls._accept(
            "2026-10-25 00:30:15",
            versions,
            session=cls.planned,
            **STATEMENTS | {"backup": False},
        )

    def words(self, acceptance=None, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.back_office)
        acceptance = acceptance or self.acceptance
        found, _type = reports._render_qweb_html(REPORT, acceptance.ids)
        return " ".join(lxml_html.fromstring(found).text_content().split())

    def test_who_what_when_how_and_from_where(self):
        words = self.words()
        for expected in (
            "Anna Nowak",
            self.customer.name,
            self.planned.ticket_id.number,
            "25 October 2026, 02:30:15 (Europe/Warsaw, UTC+02:00)",
            "Link from an e-mail",
            "203.0.113.7",
            "Regulamin pomocy zdalnej 1 05/01/2026",
            *self.acceptance.line_ids.mapped("text_hash"),
            "✓ yes I have the right",
            "✗ no I have a backup",
            "✓ yes I will be at the computer",
            "✗ no I consent to the session being recorded. (voluntary)",
        ):
            self.assertIn(expected, words)

    def test_statements_stay_as_they_were_worded(self):
        self.env.cr.execute(
            """UPDATE service_terms_acceptance
               SET wording = jsonb_set(wording, '{backup}', '"Mam kopię."')
               WHERE id = %s""",
            (self.acceptance.id,),
        )
        self.env.invalidate_all()
        self.assertIn("✗ no Mam kopię.", self.words())

    def test_by_phone_it_says_who_noted_it_and_the_number(self):
        given = {"channel": "phone", "phone": "601 202 303", "address": False}
        records = self.env["service.terms.acceptance"].with_user(self.technician)
        acceptance = records._record(
            self.person,
            self.company,
            given | {"given_at": self.acceptance.given_at},
            versions=self.regulations.version_ids,
        )
        words = self.words(acceptance, self.back_office)
        self.assertIn("By phone (601 202 303) Recorded by Technik", words)
        self.assertNotIn("IP address", words)
        self.assertNotIn("Statements for this session", words)

    def test_only_the_office_sees_where_it_came_from(self):
        for user, allowed in (
            (self.technician, False),
            (self.back_office, True),
            (self.accountant, True),
        ):
            acceptance = self.acceptance.with_user(user)
            self.assertEqual(acceptance.person_name, "Anna Nowak")
            names = {"address", "phone"} & set(acceptance.fields_get())
            self.assertEqual(names, {"address", "phone"} if allowed else set())
            for name in ("address", "phone"):
                with self.subTest(user=user.name, name=name):
                    self.env.invalidate_all()
                    if allowed:
                        acceptance.read([name])
                    else:
                        with self.assertRefused("", AccessError):
                            acceptance.read([name])

    def test_who_may_print_it(self):
        portal = new_test_user(self.env, login="portal.x", groups="base.group_portal")
        for user, allowed in (
            (self.technician, True),
            (self.back_office, True),
            (self.accountant, True),
            (portal, False),
            (self._create_user("hr", "base.group_user"), False),
        ):
            with self.subTest(user.name):
                if allowed:
                    words = self.words(user=user)
                    self.assertIn("Anna Nowak", words)
                    seen = "203.0.113.7" in words
                    self.assertEqual(seen, user != self.technician)
                else:
                    with self.assertRefused("", AccessError):
                        self.words(user=user)
