from freezegun import freeze_time

from odoo.exceptions import MissingError, UserError, ValidationError
from odoo.tests import tagged

from .common import GatewayCommon

MONDAY = "2026-10-05 08:00:00"


@tagged("post_install", "-at_install")
class TestTickets(GatewayCommon):
    """Tickets and balances, as tools ask for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract()
        cls.startClassPatcher(freeze_time(MONDAY))
        cls.gateway = cls._as(cls.tool)

    def opened(self, answer):
        return self.env["helpdesk.ticket"].browse(answer["id"])

    def test_a_ticket_is_opened(self):
        item = self.env["maintenance.equipment"].create(
            {
                "name": "Serwer",
                "serial_no": "SN-77",
                "customer_id": self.customer.id,
                "company_id": self.company.id,
            }
        )
        answer = self.gateway.open_ticket(
            "774-000-14-54",
            " Dysk\n\0pełny ",
            "<b>srv-1</b>\n/var 99%",
            reference="srv-1/disk",
            item="SN-77",
            person="ANNA@klient.example",
            priority="high",
        )
        ticket = self.opened(answer)
        self.assertRecordValues(
            ticket,
            [
                {
                    "number": answer["number"],
                    "name": "Dysk pełny",
                    "partner_id": self.person.id,
                    "commercial_partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "item_id": item.id,
                    "priority": "2",
                    "service_contract_id": self.contract.id,
                    "create_uid": self.tool.user_id.id,
                    "gateway_client_id": self.tool.id,
                }
            ],
        )
        self.assertEqual(ticket.channel_id.name, "Monitoring")
        self.assertIn("&lt;b&gt;srv-1&lt;/b&gt;<br", ticket.description)
        self.assertEqual(answer["coverage"], "contract")
        self.assertEqual(answer["coverage_label"], "By the contract")
        self.assertIs(answer["new"], True)
        self.assertIn(f"res_id={ticket.id}", answer["url"])
        self.assertNotIn(self.tool.user_id.partner_id, ticket.message_partner_ids)

    def test_the_deadline_is_that_of_the_tier_in_utc(self):
        self.assertIs(self.gateway.open_ticket("KT-1", "Awaria")["deadline"], False)
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Zawsze",
                "tz": "Europe/Warsaw",
                "company_id": self.company.id,
                "attendance_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Dzień",
                            "dayofweek": str(day),
                            "hour_from": 0,
                            "hour_to": 24,
                        },
                    )
                    for day in range(7)
                ],
            }
        )
        self.tier.target_ids = [
            (
                0,
                0,
                {
                    "metric": "reaction",
                    "amount": 1,
                    "unit": "hours",
                    "calendar_id": calendar.id,
                },
            )
        ]
        answer = self.gateway.open_ticket("KT-1", "Awaria")
        self.assertEqual(answer["deadline"], "2026-10-05T09:00:00Z")

    def test_who_the_customer_is(self):
        for key in ("7740001454", "PL7740001454", "pl 774 000 14 54", "KT-1"):
            with self.subTest(key=key):
                ticket = self.opened(self.gateway.open_ticket(key, "Temat"))
                self.assertEqual(ticket.partner_id, self.customer)
        ticket = self.opened(self.gateway.open_ticket(self.customer.id, "Temat"))
        self.assertEqual(ticket.partner_id, self.customer)
        ticket = self.opened(self.gateway.open_ticket("1234563218", "Temat"))
        self.assertEqual(ticket.partner_id, self.stranger)

    def test_who_is_no_customer(self):
        names = (
            "7740001455",
            "774",
            "%",
            "_",
            "KT",
            "kt-1%",
            self.person.id,
            -1,
            "--",
            10**30,
        )
        for key in names:
            with (
                self.subTest(key=key),
                self.assertRefused("There is no customer", MissingError),
            ):
                self.gateway.balance(key)
        for key in ("", None, False, True, 1.5, ["KT-1"], {"id": 1}):
            with self.subTest(key=key), self.assertRefused("customer", ValidationError):
                self.gateway.balance(key)
        self.customer.copy({"name": "Drugi", "ref": "KT-1"})
        with self.assertRefused("more than one customer", ValidationError):
            self.gateway.balance("KT-1")

    def test_a_foreign_customer_is_as_unknown_as_one_who_is_not_there(self):
        narrow = self._as(self.narrow)
        sentences = []
        other = self._second_company()
        theirs = self.customer.copy(
            {"name": "Ich", "company_id": other.id, "ref": "ICH"}
        )
        absent = self.stranger.id + 10**6
        pairs = [("OBCY", "NIKT"), (self.stranger.id, absent), (theirs.id, absent)]
        for pair in [*pairs, ("1234563218", "5260250274")]:
            for key in pair:
                with self.assertRaises(MissingError) as refusal:
                    narrow.open_ticket(key, "Temat")
                sentences.append(str(refusal.exception).replace(str(key), "…"))
        self.assertEqual(len(set(sentences)), 1, sentences)
        for key in (theirs.id, "ICH"):
            with self.assertRefused("There is no customer", MissingError):
                self.gateway.balance(key)

    def test_what_is_wrong_with_a_report(self):
        cases = [
            ({"subject": ""}, "subject"),
            ({"subject": ["x"]}, "subject"),
            ({"description": 5}, "description"),
            ({"reference": 7}, "reference"),
            ({"item": "SN-0"}, "no item"),
            ({"person": "Nikt"}, "no person"),
            ({"person": "%"}, "no person"),
            ({"priority": "urgent"}, "low, medium, high"),
            ({"priority": 3}, "priority"),
        ]
        for vals, sentence in cases:
            with self.subTest(vals=vals), self.assertRefused(sentence, UserError):
                self.gateway.open_ticket("KT-1", **{"subject": "Temat"} | vals)

    def test_an_event_has_one_open_ticket(self):
        def report(gateway=self.gateway, customer="KT-1", reference="e1"):
            return gateway.open_ticket(customer, "Temat", reference=reference)

        first = report()
        again = report()
        self.assertEqual(again, first | {"new": False})
        others = [
            report(reference="e2"),
            report(customer="OBCY"),
            report(self._as(self.narrow)),
            self.gateway.open_ticket("KT-1", "Temat"),
            self.gateway.open_ticket("KT-1", "Temat"),
        ]
        self.assertTrue(all(answer["new"] for answer in others))
        self.assertEqual(len({answer["id"] for answer in [first, *others]}), 6)

    def test_an_event_that_comes_back_opens_another_ticket(self):
        closed = self.env["helpdesk.ticket.stage"].create(
            {"name": "Koniec", "closed": True}
        )
        first = self.opened(self.gateway.open_ticket("KT-1", "A", reference="e1"))
        stage = first.stage_id
        first.stage_id = closed
        second = self.opened(self.gateway.open_ticket("KT-1", "A", reference="e1"))
        self.assertNotEqual(second, first)
        # The customer says the first is not done: both are open, the later counts.
        first.stage_id = stage
        self.env.flush_all()
        again = self.gateway.open_ticket("KT-1", "A", reference="e1")
        self.assertEqual(again["id"], second.id)
        (first | second).stage_id = closed
        (first | second).stage_id = stage
        self.env.flush_all()
        self.assertEqual(
            sorted((first | second).mapped("open_reference"), key=bool), [False, "e1"]
        )

    def test_the_context_of_a_tool_changes_nothing(self):
        gateway = self._as(
            self.tool,
            default_category_id=self.env["helpdesk.ticket.category"]
            .create({"name": "Inna"})
            .id,
            default_user_id=self.technician.id,
            allowed_company_ids=[1],
            active_test=False,
            lang=["pl_PL"],
        )
        ticket = self.opened(gateway.open_ticket("KT-1", "Temat"))
        self.assertFalse(ticket.category_id)
        self.assertFalse(ticket.user_id, ticket.user_id.mapped("login"))
        self.assertEqual(ticket.company_id, self.company)
        self.stranger.active = False
        with self.assertRefused("There is no customer", MissingError):
            gateway.balance("OBCY")

    def test_nobody_is_told_to_report_otherwise(self):
        phone = self.env["helpdesk.ticket.channel"].create(
            {"name": "Telefon", "company_id": False}
        )
        self.tier.channel_ids = phone
        ticket = self.opened(
            self.gateway.open_ticket("KT-1", "Temat", person="Anna Nowak")
        )
        self.assertFalse(ticket.channel_refused)
        by_mail = self._create_ticket(
            day="2026-10-05", channel_id=phone.copy({"name": "E-mail"}).id
        )
        self.assertTrue(by_mail.channel_refused)

    def test_sentences_in_the_language_that_is_asked_for(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        answer = self._as(self.tool, lang="pl_PL").open_ticket("KT-1", "Temat")
        self.assertEqual(answer["coverage_label"], "W ramach umowy")
        answer = self._as(self.tool, lang="xx_XX").open_ticket("KT-1", "Temat")
        self.assertEqual(answer["coverage_label"], "By the contract")

    def test_the_contract_that_an_event_is_about(self):
        second = self._create_contract(self.contract.partner_id, code="DRUGA/1")
        open_ticket = self.gateway.open_ticket
        unsure = open_ticket("KT-1", "Nie wiadomo, czego dotyczy")
        self.assertEqual(unsure["coverage"], "contract_open")
        self.assertIs(unsure["contract"], False)
        sure = open_ticket("KT-1", "Druga", contract=" DRUGA/1 ")
        self.assertEqual((sure["contract"], sure["coverage"]), ("DRUGA/1", "contract"))
        ticket = self.env["helpdesk.ticket"].browse(sure["id"])
        self.assertEqual(ticket.service_contract_id, second)
        with self.assertRefused("no contract “OBCA/1”", MissingError):
            open_ticket("KT-1", "Obca", contract="OBCA/1")

    def test_the_balance_is_that_of_every_screen(self):
        self._log_on(self._create_ticket(), 50, "2026-10-05")
        with freeze_time("2026-10-06 08:00:00"):
            balance = self.gateway.balance("7740001454")
            shown = self.contract.with_user(self.back_office)
            self.env.invalidate_all()
            self.assertEqual(
                balance,
                [
                    {
                        "contract": self.contract.id,
                        "number": "VIP/1",
                        "name": self.contract.name,
                        "until": "2026-10-31",
                        "granted": shown.hours_granted,
                        "used": shown.hours_used,
                        "pending": shown.hours_pending,
                        "available": shown.hours_available,
                    }
                ],
            )
        figures = [balance[0][name] for name in ("granted", "pending", "available")]
        self.assertEqual(figures, [120, 60, 60])
        self.assertEqual(self.gateway.balance("OBCY"), [])
        self.contract.date_end = "2026-10-05"
        with freeze_time("2026-10-06 08:00:00"):
            self.assertEqual(self.gateway.balance("KT-1"), [])
