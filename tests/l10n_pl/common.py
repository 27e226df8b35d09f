"""Invoices and how an independent reader of FA(3) understands them. Holds no test."""

from datetime import date

from freezegun import freeze_time
from ksef_client.documents.fa3 import parse_invoice_xml, validate_fa3_xml_xsd
from lxml import etree

from odoo.fields import Command

from ..common import ServiceCommon

KSEF_NUMBER = "5260250274-20261104-0123456789AB-CD"


class InvoiceCommon(ServiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.service_check_all = True
        cls.german = cls.env["res.partner"].create(
            {
                "name": "Kunde GmbH",
                "is_company": True,
                "country_id": cls.env.ref("base.de").id,
                "street": "Hauptstr. 1",
                "city": "Berlin",
                "vat": "DE136695976",
            }
        )

    @classmethod
    def _line(cls, price=100.0, product=None, **vals):
        return Command.create(
            {
                "product_id": (product or cls.hour).id,
                "name": "Praca zdalna",
                "quantity": 1,
                "price_unit": price,
            }
            | vals
        )

    @classmethod
    def _invoice(cls, *lines, day="2026-11-04", **vals):
        with freeze_time(f"{day} 08:00:00"):
            return (
                cls.env["account.move"]
                .with_user(cls.accountant)
                .create(
                    {
                        "move_type": "out_invoice",
                        "partner_id": cls.customer.id,
                        "company_id": cls.company.id,
                        "invoice_line_ids": list(lines) or [cls._line()],
                    }
                    | vals
                )
            )

    @classmethod
    def _post(cls, invoice, day="2026-11-04"):
        with freeze_time(f"{day} 08:00:00"):
            invoice.with_user(cls.accountant).action_post()
        return invoice

    @classmethod
    def _posted(cls, *lines, **vals):
        return cls._post(cls._invoice(*lines, **vals))

    @classmethod
    def _credit(cls, invoice, reason="Zła liczba godzin", **vals):
        """The draft of a correction, made as the accountant does it."""
        with freeze_time("2026-11-20 08:00:00"):
            wizard = (
                cls.env["account.move.reversal"]
                .with_user(cls.accountant)
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create({"journal_id": invoice.journal_id.id, "reason": reason})
            )
            wizard.refund_moves()
        wizard.new_move_ids.write(vals)
        return wizard.new_move_ids

    @classmethod
    def _tax(cls, amount, scope=False, tag=None):
        taxes = cls.env["account.tax"].search(
            [
                ("company_id", "=", cls.company.id),
                ("type_tax_use", "=", "sale"),
                ("tax_scope", "=", scope),
                ("amount", "=", amount),
            ]
        )
        if tag:
            taxes = taxes.filtered(
                lambda tax: (
                    tag
                    in tax.invoice_repartition_line_ids.tag_ids.with_context(
                        lang="en_US"
                    ).mapped("name")
                )
            )
        return taxes[:1]

    @classmethod
    def _set_rate(cls, currency="EUR", pln=4.2512, day="2026-10-30"):
        currency = cls.env.ref(f"base.{currency}")
        currency.active = True
        cls.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": cls.company.id,
                "name": day,
                "inverse_company_rate": pln,
            }
        )
        return currency

    def _xml(self, invoice, lang="en_US"):
        """The document, valid by the official schema."""
        move = invoice.with_user(self.accountant).with_context(lang=lang)
        xml = move._l10n_pl_edi_render_xml()
        validate_fa3_xml_xsd(xml)
        return xml

    def _read(self, invoice):
        """What another program than Odoo reads in the document."""
        return parse_invoice_xml(self._xml(invoice))

    def _texts(self, invoice, path):
        root = etree.fromstring(self._xml(invoice).encode())
        path = ".//{*}" + path.replace("/", "/{*}")
        return [found.text for found in root.findall(path)]

    @staticmethod
    def _date(text):
        return date.fromisoformat(text)
