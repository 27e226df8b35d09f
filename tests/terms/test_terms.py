import base64
import hashlib

from freezegun import freeze_time
from lxml import html

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import MODULE
from .common import TermsCommon

PDF = b"%PDF-1.4\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
DAY = "2026-05-20 10:00:00"


def encoded(content):
    return base64.b64encode(content).decode()


class VersionCommon(TermsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")

    def _draft(self, terms=None, user=None, **vals):
        vals = {
            "terms_id": (terms or self.regulations).id,
            "lang": "pl_PL",
            "text": "<p>Nowy regulamin</p>",
            "in_force_from": "2026-06-01",
        } | vals
        with freeze_time(DAY):
            versions = self.env["service.terms.version"]
            return versions.with_user(user or self.manager).create(vals)

    def _publish_on(self, version, moment=DAY):
        with freeze_time(moment):
            version.action_publish()
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestPublishing(VersionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.regulations.version_ids

    def test_a_document_of_drafts_goes_with_them(self):
        terms = self.env["service.terms"].with_user(self.manager).create({"name": "X"})
        draft = self.env["service.terms.version"].with_user(self.manager)
        draft = draft.create(
            {"terms_id": terms.id, "lang": "pl_PL", "text": "<p>a</p>"}
        )
        terms.unlink()
        self.assertFalse(draft.exists())

    def test_publishing_freezes_and_says_who_and_when(self):
        draft = self._draft()
        self._publish_on(draft)
        self.assertRecordValues(
            draft,
            [
                {
                    "number": 2,
                    "state": "published",
                    "published_by_id": self.manager.id,
                    "published_at": fields.Datetime.to_datetime(DAY),
                }
            ],
        )
        self.assertIn("2026", self.regulations.message_ids[0].body)

    def test_only_managers_write_and_publish(self):
        draft = self._draft()
        for user in (self.technician, self.back_office, self.accountant):
            with self.subTest(user=user.login):
                mine = draft.with_user(user)
                self.assertTrue(mine.read(["text", "standing", "acceptance_count"]))
                for attempt in (
                    mine.action_publish,
                    mine.unlink,
                    lambda mine=mine: mine.write({"text": "<p>Inny</p>"}),
                    lambda user=user: self._draft(user=user),
                    self.regulations.with_user(user).action_new_version,
                ):
                    with self.assertRaises(AccessError), self.cr.savepoint():
                        attempt()

    def test_a_published_version_never_changes(self):
        forged = {
            "text": "<p>Inny</p>",
            "pdf": encoded(PDF),
            "pdf_name": "inny.pdf",
            "in_force_from": "2026-04-01",
            "lang": "en_US",
            "number": 7,
            "state": "draft",
            "published_at": "2026-04-01 08:00:00",
            "published_by_id": self.technician.id,
            "text_hash": "0" * 64,
            "terms_id": self.price_list.id,
        }
        before = self.first.read(list(forged))
        for version in (self.first.with_user(self.manager), self.first.sudo()):
            for name, value in forged.items():
                with self.subTest(field=name, su=version.env.su):
                    with self.assertRefused("publish|Only publishing"):
                        version.write({name: value})
            with self.assertRefused("never changes"):
                version.unlink()
            with self.assertRefused("never changes"):
                version.terms_id.unlink()
            with self.assertRefused("never changes"):
                version.action_publish()
        self.first.invalidate_recordset()
        self.assertEqual(self.first.read(list(forged)), before)

    def test_nothing_is_published_past_the_button(self):
        draft = self._draft()
        forged = {
            "state": "published",
            "number": 99,
            "text_hash": "0" * 64,
            "published_at": DAY,
            "published_by_id": self.manager.id,
        }
        versions = self.env["service.terms.version"].with_user(self.manager)
        vals = {"terms_id": self.regulations.id, "text": "<p>a</p>", "lang": "pl_PL"}
        for name, value in forged.items():
            for attempt in (
                lambda name=name, value=value: draft.write({name: value}),
                lambda name=name, value=value: versions.create(vals | {name: value}),
                lambda name=name, value=value: versions.with_context(
                    **{f"default_{name}": value}
                ).create(vals),
                lambda name=name, value=value: draft.with_context(
                    publishing=True
                ).write({name: value}),
                lambda name=name, value=value: self.regulations.with_user(
                    self.manager
                ).write(
                    {"version_ids": [Command.create(vals | {name: value})]},
                ),
            ):
                with (
                    self.subTest(field=name),
                    self.assertRefused("publication are set only by publishing"),
                ):
                    attempt()
        self.assertEqual(draft.state, "draft")

    def test_a_document_with_published_versions_keeps_kind_and_company(self):
        other = self._second_company()
        for vals in ({"kind": "price_list"}, {"company_id": other.id}):
            with (
                self.subTest(vals=vals),
                self.assertRefused("published, so its kind and company"),
            ):
                self.regulations.write(vals)
        self.regulations.write({"kind": "regulations", "sequence": 5, "active": False})

    def test_a_draft_is_edited_and_deleted_freely(self):
        draft = self._draft()
        draft.write({"text": "<p>Poprawka</p>", "in_force_from": "2026-07-01"})
        draft.unlink()
        self.assertFalse(draft.exists())
        self.assertEqual(self._draft().number, 2)

    def test_what_cannot_be_published(self):
        cases = [
            ({"text": False}, "Write the text"),
            ({"text": "<p><br></p>"}, "Write the text"),
            ({"in_force_from": "2026-04-30"}, "Choose that day or a later one"),
            # Before today, though after the former version: nobody can have known.
            ({"in_force_from": "2026-05-19"}, "Choose that day or a later one"),
            ({"text": '<p><img src="/web/image/7"></p>'}, "kept elsewhere"),
        ]
        for vals, message in cases:
            draft = self._draft(**vals)
            with self.subTest(vals=vals), self.assertRefused(message, ValidationError):
                self._publish_on(draft)
            draft.unlink()
        self._publish_on(self._draft(in_force_from="2026-05-20"))

    def test_an_earlier_draft_is_not_published_after_a_later_one(self):
        earlier, later = self._draft(), self._draft()
        self._publish_on(later)
        with self.assertRefused("later version has already been published"):
            self._publish_on(earlier)

    def test_a_day_that_was_mistyped_is_overtaken(self):
        self._publish_on(self._draft(in_force_from="2099-06-01"))
        for day, message in (
            ("2026-05-19", "before 20.*Choose that day"),
            ("2026-05-20", None),
            ("2026-05-21", None),
        ):
            with self.subTest(day=day), self.cr.savepoint() as undo:
                draft = self._draft(in_force_from=day)
                if message:
                    with self.assertRefused(message, ValidationError):
                        self._publish_on(draft)
                else:
                    self._publish_on(draft)
                    for moment in (f"{day} 10:00:00", "2099-06-01 10:00:00"):
                        current = self.regulations._in_force(self._day(moment[:10]))
                        self.assertEqual(current, draft)
                undo.rollback()
                self.env.invalidate_all()

    def test_languages_that_are_left_behind_are_named(self):
        self._publish(self.regulations, "2026-05-01", lang="en_US")
        terms = self.regulations.with_user(self.manager)
        self.assertFalse(terms.outdated)
        for lang, warned in (("pl_PL", True), ("en_US", False)):
            draft = self._draft(lang=lang)
            with self.subTest(lang=lang), freeze_time(DAY):
                action = draft.action_publish()
                if warned:
                    self.assertEqual(action["tag"], "display_notification")
                    self.assertIn("English (US)", action["params"]["message"])
                    self.assertNotIn("Polski", action["params"]["message"])
                    self.assertIn("version 1", terms.outdated)
                else:
                    self.assertFalse(action)
                    self.assertFalse(terms.outdated)
                Form(terms)

    def test_when_a_version_can_have_been_accepted(self):
        self._publish_on(self._draft(in_force_from="2026-05-20"))
        second = self.regulations.version_ids.filtered(lambda v: v.number == 2)
        # Entered on 20 May at noon in Warsaw, in use since the 10th.
        back = self._draft(self.price_list, lang="en_US", in_force_from="2026-05-10")
        self._publish_on(back)
        for version, moment, known in (
            (second, "2026-05-20 09:59:59", False),
            (second, "2026-05-20 07:00:00", False),
            (second, "2026-05-20 10:00:00", True),
            (second, "2026-05-21 06:00:00", True),
            (back, "2026-05-09 21:59:00", False),
            (back, "2026-05-09 22:00:00", True),
            (back, "2026-05-20 07:00:00", True),
        ):
            with self.subTest(version.display_name, moment=moment):
                if known:
                    self.assertTrue(self._accept(moment, version))
                else:
                    with self.assertRefused(
                        "had not been published by then,", ValidationError
                    ):
                        self._accept(moment, version)

    def test_what_is_no_pdf(self):
        draft = self._draft()
        cases = [
            (encoded(b"PK\x03\x04 Word"), "is not a PDF file"),
            (encoded(PDF[:9]), "is not a PDF file"),
            (encoded(PDF.replace(b"obj", b" " * 5_300_000)), "the limit is 10 MB"),
            ("x", "uploaded completely"),
        ]
        for content, message in cases:
            with self.subTest(message=message):
                with self.assertRefused(message, ValidationError):
                    draft.write({"pdf": content, "pdf_name": "regulamin.docx"})
        draft.write({"pdf": encoded(PDF), "text": False})
        self._publish_on(draft)

    def test_the_fingerprint_is_of_what_is_shown(self):
        plain = self._draft()
        with_file = self._draft(self.price_list, pdf=encoded(PDF))
        for version, file in ((plain, b""), (with_file, PDF)):
            self._publish_on(version)
            version.invalidate_recordset()
            shown = str(version.text).encode() + b"\0" + file
            self.assertEqual(version.text_hash, hashlib.sha256(shown).hexdigest())
            self.assertEqual(version.text_hash, version._digest())
        hashes = {plain.text_hash, with_file.text_hash, self.first.text_hash}
        self.assertEqual(len(hashes), 3)

    def test_no_attachment_replaces_the_file(self):
        version = self._draft(pdf=encoded(PDF), pdf_name="regulamin.pdf")
        self._publish_on(version)
        fake = PDF.replace(b"endobj", b"forged")
        self.env["ir.attachment"].create(
            {
                "name": "pdf",
                "raw": fake,
                "res_model": version._name,
                "res_id": version.id,
                "res_field": "pdf",
            }
        )
        version.invalidate_recordset()
        self.assertEqual(base64.b64decode(version.pdf), PDF)
        self.assertEqual(version._file()[1], PDF)

    def test_the_next_version_begins_with_the_text_of_the_last(self):
        with freeze_time(DAY):
            action = self.regulations.with_user(self.manager).action_new_version()
            draft = self.env[action["res_model"]].browse(action["res_id"])
            self.assertRecordValues(
                draft,
                [
                    {
                        "number": 2,
                        "state": "draft",
                        "text": self.first.text,
                        "text_hash": False,
                        "lang": "pl_PL",
                        "in_force_from": self._day("2026-05-20"),
                    }
                ],
            )
            # There is one draft to work on, however often the button is pressed.
            again = self.first.with_user(self.manager).action_new_version()
        self.assertEqual(again["res_id"], draft.id)

    def test_the_first_version_is_a_draft_of_nothing(self):
        terms = self.env["service.terms"].create({"name": "Nowy dokument"})
        action = terms.with_user(self.manager).action_new_version()
        draft = self.env["service.terms.version"].browse(action["res_id"])
        self.assertRecordValues(draft, [{"number": 1, "state": "draft", "text": False}])

    def test_what_counts_today_and_what_comes_next(self):
        self._publish_on(self._draft())
        with freeze_time(DAY):
            english = self._publish(self.regulations, "2026-05-10", lang="en_US")
        draft = self._draft(in_force_from="2026-08-01")
        second = self.regulations.version_ids.filtered(lambda v: v.number == 2)[0]
        # 1 June begins in Warsaw two hours before it does in UTC.
        for moment, standings in (
            ("2026-05-31 21:59:00", ("in_force", "announced")),
            ("2026-05-31 22:00:00", ("superseded", "in_force")),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                self.env.invalidate_all()
                found = (self.first, second, english, draft)
                expected = [*standings, "in_force", "draft"]
                self.assertEqual([v.standing for v in found], expected)
                terms = self.regulations.with_user(self.technician)
                announced = "announced" in standings
                self.assertEqual(len(terms.current.split("\n")), 2)
                self.assertIn("version 1", terms.current)
                self.assertEqual("version 2" in terms.coming, announced)
                self.assertEqual("version 2" in terms.current, not announced)

    def test_forms_open_for_whoever_reads_them(self):
        self._publish_on(self._draft())
        acceptance = self._accept(DAY, self.first)
        for user in (
            self.technician,
            self.back_office,
            self.manager,
            self.accountant,
        ):
            with self.subTest(user=user.login):
                Form(self.regulations.with_user(user))
                Form(self.first.with_user(user))
        for user in (self.back_office, self.accountant):
            Form(acceptance.with_user(user))

    def test_a_manager_writes_and_publishes_on_the_form(self):
        with freeze_time(DAY):
            form = Form(
                self.env["service.terms.version"]
                .with_user(self.manager)
                .with_context(default_terms_id=self.regulations.id)
            )
            form.text = "<p>Z formularza</p>"
            version = form.save()
            version.action_publish()
            self.assertEqual(version.standing, "in_force")

    def test_other_companies_see_nothing(self):
        other = self._second_company()
        stranger = self._create_user("obcy", "group_manager", company=other)
        with self.assertRaises(AccessError):
            self.first.with_user(stranger).read(["text"])
        with self.assertRaises(AccessError):
            self.first.with_user(stranger).action_publish()
        terms = self.env["service.terms"].with_context(allowed_company_ids=other.ids)
        self.assertNotIn(self.regulations, terms.with_user(stranger).search([]))


@tagged("post_install", "-at_install")
class TestAcceptanceLists(VersionCommon):
    def test_acceptances_are_counted_and_found(self):
        first = self.regulations.version_ids
        acceptance = self._accept(DAY, first | self.price_list.version_ids)
        self._accept(DAY, self.price_list.version_ids)
        self.env.flush_all()
        office = self.back_office
        for record, expected in (
            (first, 1),
            (self.regulations, 1),
            (self.price_list, 2),
        ):
            record = record.with_user(office)
            self.assertEqual(record.acceptance_count, expected)
            action = record.action_open_acceptances()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(len(found), expected)
        for partner in (self.person, self.customer):
            partner = partner.with_user(office)
            self.assertEqual(partner.terms_acceptance_count, 2)
            action = partner.action_open_terms_acceptances()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(len(found), 2)
        groups = acceptance.with_user(office)._read_group(
            [("person_id", "=", self.person.id)], ["version_ids"], ["__count"]
        )
        self.assertEqual(dict(groups), {first: 1, self.price_list.version_ids: 2})

    def test_a_technician_counts_what_they_may_read(self):
        self._accept(DAY, self.regulations.version_ids)
        version = self.regulations.version_ids.with_user(self.technician)
        # It was given for no session, so for none of the technician's teams.
        self.assertEqual(version.acceptance_count, 0)

    def test_a_tier_shows_its_documents(self):
        self.price_list.tier_ids = self.retail
        tier = self.retail.with_user(self.manager)
        self.assertEqual(tier.terms_ids, self.price_list)
        self.assertEqual(tier.common_terms_ids, self.regulations)
        with Form(tier) as form:
            form.terms_ids.remove(id=self.price_list.id)
        self.assertFalse(self.price_list.tier_ids)


@tagged("post_install", "-at_install")
class TestPriceList(VersionCommon):
    def _fill(self, version, tier=None):
        with freeze_time(DAY):
            action = version.with_user(self.manager).action_fill_from_prices()
            form = Form(
                self.env[action["res_model"]]
                .with_user(self.manager)
                .with_context(**action["context"])
            )
            if tier:
                form.tier_id = tier
            form.save().action_fill()
        return version

    def _cells(self, version):
        root = html.fromstring(f"<div>{version.text}</div>")
        return [
            [" ".join(cell.text_content().split()) for cell in row.iter("td")]
            for row in root.iter("tr")
        ][1:]

    def test_prices_of_the_retail_tier(self):
        """Scenario A1: 180.00 an hour, every started half hour."""
        draft = self._fill(self._draft(self.price_list, lang="en_US"))
        self.assertEqual(draft.price_tier_id, self.retail)
        self.assertEqual(
            self._cells(draft),
            [
                [self.remote.name, "180.00 zł", "per half hour or part thereof"]
                + ["90.00 zł", "110.70 zł"]
            ],
        )

    def test_units_fees_surcharges_and_packages(self):
        visit = self._create_product("Dojazd", 80.0, unit="product_uom_unit")
        self.retail.write(
            {
                "express_percent": 50,
                "after_hours_percent": 100,
                "calendar_id": self.company.resource_calendar_id.id,
                "free_unjustified": 2,
                "rate_ids": [
                    Command.create(
                        {
                            "work_type_id": self.travel.id,
                            "product_id": self.hour.id,
                            "flat_product_id": visit.id,
                            "first_minutes": 60,
                            "step_minutes": 0,
                        }
                    )
                ],
            }
        )
        self.retail.rate_ids[0].write({"first_minutes": 60, "package_factor": 150})
        draft = self._fill(self._draft(self.price_list, lang="en_US"))
        self.assertEqual(
            self._cells(draft),
            [
                [self.remote.name, "180.00 zł"]
                + ["the first 1 h or part thereof", "180.00 zł", "221.40 zł"],
                ["", ""]
                + ["each further 30 min or part thereof", "90.00 zł", "110.70 zł"],
                [self.travel.name, ""]
                + ["flat fee, regardless of the time", "80.00 zł", "98.40 zł"],
            ],
        )
        for words in (
            "50%",
            "100%",
            "calendar month: 2",
            "150%",
            f"{self.remote.name}: time is added up per session or visit.",
            f"{self.travel.name}: time is added up per ticket.",
            "charged in money, also for hours covered by a package",
            "agreed in a contract take precedence",
        ):
            self.assertIn(words, " ".join(draft.text.striptags().split()))

    def test_what_is_added_up_and_what_surcharges_take_is_said(self):
        rate = self.retail.rate_ids
        for tier_vals, rate_vals, said in (
            ({}, {"scope": "entry"}, "each work entry is charged separately"),
            ({}, {"scope": "block"}, "added up per session or visit"),
            ({}, {"scope": "ticket_day"}, "added up per ticket and day"),
            ({}, {"scope": "ticket"}, "added up per ticket."),
            ({"express_percent": 50}, {}, "also for hours covered by a package"),
            ({"surcharge_mode": "burn"}, {}, "surcharges use more of its hours"),
        ):
            with self.subTest(said):
                self.retail.write(tier_vals)
                rate.write(rate_vals)
                draft = self._fill(self._draft(self.price_list, lang="en_US"))
                text = " ".join(draft.text.striptags().split())
                self.assertIn(said, text)
        rate.uses_packages = False
        draft = self._fill(self._draft(self.price_list, lang="en_US"))
        self.assertNotIn("a package", draft.text)

    def test_the_price_list_of_the_pricelist_that_everybody_has(self):
        self.env.user.group_ids |= self.env.ref("product.group_product_pricelist")
        self.env.ref("base.group_user").implied_ids |= self.env.ref(
            "product.group_product_pricelist"
        )
        self.env["product.pricelist"].search([]).active = False
        self.env["product.pricelist"].create(
            {
                "name": "Detal",
                "company_id": self.company.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "3_global",
                            "compute_price": "percentage",
                            "percent_price": 10,
                        }
                    )
                ],
            }
        )
        draft = self._fill(self._draft(self.price_list, lang="en_US"))
        self.assertEqual(self._cells(draft)[0][1], "162.00 zł")

    def test_the_tier_that_is_offered(self):
        draft = self._draft(self.price_list)
        wizard = self.env["service.terms.price.fill"].create({"version_id": draft.id})
        self.assertEqual(wizard.tier_id, self.retail)
        self.price_list.tier_ids = self.tier
        wizard = self.env["service.terms.price.fill"].create({"version_id": draft.id})
        self.assertEqual(wizard.tier_id, self.tier)

    def test_no_prices_without_rates(self):
        empty = self.env["service.tier"].create({"name": "Pusty", "kind": "ad_hoc"})
        draft = self._draft(self.price_list)
        with self.assertRefused("has no rates"):
            self._fill(draft, empty)

    def test_nobody_fills_what_is_published(self):
        with self.assertRefused("never changes"):
            self._fill(self.price_list.version_ids)

    def test_changed_prices_are_noticed(self):
        self.retail.express_percent = 50
        draft = self._fill(self._draft(self.price_list))
        self._publish_on(draft)
        terms = self.price_list.with_user(self.back_office)
        changes = [
            ("price", lambda: self.remote_hour.write({"list_price": 200.0})),
            (
                "tax",
                lambda: self.remote_hour.write({"taxes_id": [Command.clear()]}),
            ),
            ("unit", lambda: self.retail.rate_ids.write({"step_minutes": 60})),
            ("express", lambda: self.retail.write({"express_percent": 25})),
            ("scope", lambda: self.retail.rate_ids.write({"scope": "entry"})),
            ("burn", lambda: self.retail.write({"surcharge_mode": "burn"})),
        ]
        for name, change in changes:
            with self.subTest(name), freeze_time(DAY), self.cr.savepoint() as undo:
                self.assertFalse(terms.prices_changed)
                change()
                self.env.invalidate_all()
                self.assertTrue(terms.prices_changed)
                undo.rollback()
                self.env.invalidate_all()
        self.assertFalse(self.regulations.with_user(self.back_office).prices_changed)


@tagged("post_install", "-at_install")
class TestPrint(VersionCommon):
    def test_the_print_holds_what_was_agreed_to(self):
        version = self._draft()
        self._publish_on(version)
        report = self.env.ref(f"{MODULE}.report_terms_version")
        page, _type = report.with_user(self.technician)._render_qweb_html(
            report, version.ids
        )
        text = html.fromstring(page).text_content()
        for words in (
            self.regulations.name,
            "Nowy regulamin",
            version.text_hash,
            self.manager.name,
        ):
            self.assertIn(words, text)

    def test_a_file_is_printed_as_it_is(self):
        version = self._draft(pdf=encoded(PDF))
        self._publish_on(version)
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        content, kind = reports._render_qweb_pdf(
            f"{MODULE}.report_terms_version", version.ids
        )
        self.assertEqual((content, kind), (PDF, "pdf"))


@tagged("post_install", "-at_install")
class TestQueries(VersionCommon):
    def test_the_list_of_terms_asks_as_often_for_many_as_for_few(self):
        tiers = [self.tier, self.retail] * 5
        created = self.env["service.terms"].create(
            [
                {"name": f"Cennik {number}", "kind": "price_list"}
                for number, _tier in enumerate(tiers)
            ]
        )
        for terms, tier in zip(created, tiers, strict=True):
            draft = self._draft(terms)
            with freeze_time(DAY):
                draft._fill_from_prices(tier)
            self._publish_on(draft)
        shown = ["name", "current", "coming", "prices_changed", "acceptance_count"]

        def queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.with_user(self.back_office).read(shown)
            return self.cr.sql_log_count - before

        queries(created)
        few, many = queries(created[:2]), queries(created)
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 35)
