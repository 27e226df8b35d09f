from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import file_open

from ..common import ServiceCommon

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {
    "has_headers": True,
    "quoting": '"',
    "date_format": "",
    "datetime_format": "",
    "float_thousand_separator": "",
    "float_decimal_separator": ".",
    "advanced": True,
    "limit": 2000,
    "skip": 0,
    "sheet": "",
}


@tagged("post_install", "-at_install")
class TestImport(ServiceCommon):
    """A firm comes from a spreadsheet, in the middle of a year."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer = cls.env["contract.template"].create(
            {
                "name": "VIP",
                "company_id": cls.company.id,
                "service_tier_id": cls.tier.id,
                "allowance_minutes": 120,
                "recurring_rule_type": "monthlylastday",
                "recurring_invoicing_type": "post-paid",
                "contract_line_ids": [
                    Command.create(
                        {
                            "product_id": cls.fee.id,
                            "name": "Abonament VIP",
                            "specific_price": 290,
                        }
                    )
                ],
            }
        )

    def load(self, model, names, rows, user=None):
        records = self.env[model].with_user(user or self.manager)
        return records.with_company(self.company).load(names, rows)

    def contracts(self, rows):
        names = ["partner_id", "contract_template_id", "date_start", "code"]
        return self.load("contract.contract", names, rows)

    def test_customer_and_offer_are_all_a_row_needs(self):
        result = self.contracts([[self.customer.name, "VIP", "2026-10-01", "U/1"]])
        self.assertFalse(result["messages"])
        contract = self.env["contract.contract"].browse(result["ids"])
        self.assertRecordValues(
            contract,
            [
                {
                    "name": f"VIP – {self.customer.name}",
                    "service_tier_id": self.tier.id,
                    "allowance_minutes": 120,
                    "recurring_rule_type": "monthlylastday",
                    "code": "U/1",
                }
            ],
        )
        self.assertEqual(contract.contract_line_ids.mapped("price_unit"), [290])
        invoice = self._bill(contract, "2026-10-31")
        self.assertEqual(invoice.amount_untaxed, 290)

    def test_a_cell_wins_over_the_offer_and_an_empty_one_does_not(self):
        other = self.customer.copy({"name": "Drugi S.A.", "vat": False})
        names = ["partner_id/.id", "contract_template_id", "date_start"]
        names += ["allowance_minutes", "recurring_rule_type"]
        result = self.load(
            "contract.contract",
            names,
            [
                [str(self.customer.id), "VIP", "2026-10-01", "180", ""],
                [str(other.id), "VIP", "2026-10-01", "", ""],
            ],
        )
        self.assertFalse(result["messages"])
        contracts = self.env["contract.contract"].browse(result["ids"])
        self.assertEqual(contracts.mapped("allowance_minutes"), [180, 120])
        self.assertEqual(
            contracts.mapped("recurring_rule_type"), ["monthlylastday"] * 2
        )

    def test_one_bad_row_is_named_and_nothing_is_saved(self):
        before = self.env["contract.contract"].search_count([])
        rows = [
            [self.customer.name, "VIP", "2026-10-01", "U/1"],
            ["Nikt sp. z o.o.", "VIP", "2026-10-01", "U/2"],
        ]
        result = self.contracts(rows)
        self.assertFalse(result["ids"])
        self.assertEqual({m["rows"]["from"] for m in result["messages"]}, {1})
        self.assertEqual(self.env["contract.contract"].search_count([]), before)

    def openings(self, *rows, user=None):
        names = ["contract_id", "date_from", "months", "opening_hours", "opening_used"]
        return self.load("service.opening", names, [list(r) for r in rows], user)

    def test_what_was_used_before_is_in_the_ledger(self):
        contract = self._create_contract(code="U/7", counts_from="2026-12-01")
        result = self.openings(["U/7", "2026-11-01", "1", "2:00", "1:20"])
        self.assertFalse(result["messages"])
        package = self.env["service.opening"].browse(result["ids"]).package_id
        self.assertEqual(package.contract_id, contract)
        self.assertEqual(package.remaining_minutes, 40)
        self.assertEqual(package.date_to, self._day("2026-11-30"))
        self.assertEqual(package.move_ids.mapped("minutes"), [120, -80])
        self.assertTrue(package.move_ids.filtered("reason"))
        self.assertFalse(package.invoice_line_ids)
        ledger = self.env["service.hour.ledger"].with_user(self.manager)
        self.assertEqual(ledger.rebuild_check()["differences"], [])

    def test_hours_as_people_write_them(self):
        contract = self._create_contract(code="U/7")
        cases = {"10": 600, "1,5": 90, "1.5": 90, "01:20:00": 80, "0:05": 5}
        for text, minutes in cases.items():
            result = self.openings([contract.code, "2026-11-01", "12", text, ""])
            opening = self.env["service.opening"].browse(result["ids"])
            with self.subTest(text):
                self.assertEqual(opening.package_id.remaining_minutes, minutes)

    def test_a_bad_balance_saves_none(self):
        contract = self._create_contract(code="U/7")
        good = [contract.code, "2026-11-01", "1", "2:00", "1:20"]
        for bad in (["1:20", "2:00"], ["dużo", "0"], ["0", "0"]):
            result = self.openings(good, [contract.code, "2026-11-01", "1", *bad])
            with self.subTest(bad):
                self.assertFalse(result["ids"])
                rows = [message["rows"]["from"] for message in result["messages"]]
                self.assertEqual(rows, [1])
        self.assertFalse(contract.package_ids)

    def test_opening_balances_are_the_managers(self):
        contract = self._create_contract(code="U/7")
        vals = {"contract_id": contract.id, "date_from": "2026-11-01"}
        vals["opening_hours"] = "2:00"
        for user in (self.technician, self.back_office, self.accountant):
            openings = self.env["service.opening"].with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                openings.create(vals)
        opening = self.env["service.opening"].with_user(self.manager).create(vals)
        with self.assertRaises(AccessError):
            opening.opening_hours = "3:00"
        with self.assertRaises(AccessError):
            opening.unlink()

    def test_the_columns_of_each_template_are_found(self):
        for model in ("contract.contract", "maintenance.equipment", "service.opening"):
            for lang in ("en_US", "pl_PL"):
                records = self.env[model].with_user(self.manager)
                records = records.with_context(lang=lang)
                (template,) = records.get_import_templates()
                path = template["template"].removeprefix("/")
                with file_open(path, "rb") as stream:
                    content = stream.read()
                preview = (
                    records.env["base_import.import"]
                    .create(
                        {
                            "res_model": model,
                            "file": content,
                            "file_name": "a.xlsx",
                            "file_type": XLSX,
                        }
                    )
                    .parse_preview(dict(OPTIONS))
                )
                with self.subTest(model=model, lang=lang):
                    self.assertNotIn("error", preview)
                    found = {int(column) for column in preview["matches"]}
                    self.assertEqual(found, set(range(len(preview["headers"]))))
