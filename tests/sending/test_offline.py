import re
from base64 import b64decode, urlsafe_b64decode

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from freezegun import freeze_time
from lxml import html

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.sending import digest_of
from ..doubles import ksef
from .test_sending import DAY, SendingCommon

AFTERNOON, NEXT_MORNING = f"{DAY} 15:00:00", "2026-11-05 08:00:00"
STATUS_LOG = "odoo.addons.helpdesk_service_contract.models.l10n_pl.service_ksef_status"


class OfflineCommon(SendingCommon):
    """KSeF is away at four in the afternoon of a Wednesday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate = ksef.enroll_offline(cls.company)
        cls.connection = cls.env["service.ksef.connection"]._of(cls.company)

    def setUp(self):
        super().setUp()
        self.ksef.word = {"status": "AVAILABLE"}
        self.ksef.entries.clear()
        self.accountant.lang = "en_US"
        self.ksef.down = True

    def _listen(self):
        """Have the stand-in's status service asked."""
        self.connection.status_url = self.ksef.url.replace("/v2", "/latarnia")

    def _announce(self, kind="failure", first=DAY, last=False):
        outages = self.env["service.ksef.outage"].with_user(self.accountant)
        return outages.with_company(self.company).create(
            {
                "kind": kind,
                "date_from": first,
                "date_to": last,
                "announcement": "BIP",
            }
        )

    def _offline(self, **vals):
        invoice = self._invoice(**vals)
        self._queue(invoice)
        self._run(AFTERNOON)
        return invoice

    def _back(self, when=NEXT_MORNING):
        """KSeF is back: what is due is sent, asked about and mailed."""
        self.ksef.down = False
        day = when[:10]
        for clock in (when, f"{day} 08:10:00", f"{day} 08:20:00"):
            self._run(clock)

    def _sent(self, invoice):
        return [
            entry
            for entry in self.ksef.entries.values()
            if entry["facts"]["P_2"] == invoice.name
        ]

    def _paper(self, invoice):
        report = self.env["ir.actions.report"].sudo()
        text, _kind = report._render_qweb_html("account.report_invoice", invoice.ids)
        return html.fromstring(text)


@tagged("post_install", "-at_install")
class TestOffline24(OfflineCommon):
    def test_away_in_the_afternoon_and_back_in_the_morning(self):
        invoice = self._offline()
        self.assertEqual(invoice.service_ksef_mode, "offline24")
        self.assertEqual(str(invoice.service_ksef_due), "2026-11-05")
        (told,) = self._activities(invoice)
        self.assertEqual(told.date_deadline, invoice.service_ksef_due)
        self.assertIn("offline24", told.note)
        self.assertEqual(invoice.service_jpk_marker, "DI")
        self.assertIn("offline", invoice.service_jpk_reason)
        self.assertFalse(self._mails(invoice))
        self._back()
        (entry,) = self._sent(invoice)
        self.assertTrue(entry["offline"])
        self.assertIsNone(entry["replaces"])
        self.assertEqual(invoice.service_jpk_marker, invoice.l10n_pl_edi_number)
        self.assertTrue(invoice.l10n_pl_edi_number)
        self.assertEqual(len(self._mails(invoice)), 1)

    def test_back_on_the_same_day_it_is_online(self):
        invoice = self._offline()
        self._back(f"{DAY} 16:00:00")
        self._run(f"{DAY} 17:00:00")
        (entry,) = self._sent(invoice)
        self.assertFalse(entry["offline"])
        self.assertFalse(invoice.service_ksef_mode)

    def test_the_codes_on_paper(self):
        invoice = self._offline()
        paper = self._paper(invoice)
        self.assertFalse(paper.xpath("//*[@name='ksef']"))
        words = [
            node.get("name") for node in paper.xpath("//*[@name='ksef_offline']/*")
        ]
        self.assertEqual(words, ["OFFLINE", "CERTYFIKAT"])
        with freeze_time(NEXT_MORNING):
            stamp = invoice._ksef_stamp()
        document = self.env["service.ksef"]._document(invoice)
        path, _slash, signature = stamp["certificate_link"].rpartition("/")
        self.assertRegex(path, r"/certificate/Nip/5252344078/5252344078/[0-9A-F]{16,}/")
        digest = urlsafe_b64decode(path.rpartition("/")[2] + "=")
        self.assertEqual(digest, b64decode(digest_of(document)))
        # It verifies with the certificate: over the address without “https://”.
        pem = b64decode(self.certificate.with_context(bin_size=False).pem_certificate)
        x509.load_pem_x509_certificate(pem).public_key().verify(
            urlsafe_b64decode(signature + "=" * (-len(signature) % 4)),
            re.sub("^https://", "", path).encode(),
            padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32),
            hashes.SHA256(),
        )
        # What is sent is the file that the codes are of.
        self._back()
        (entry,) = self._sent(invoice)
        self.assertEqual(entry["xml"], document)
        paper = self._paper(invoice)
        self.assertTrue(paper.xpath("//*[@name='ksef']"))
        self.assertFalse(paper.xpath("//*[@name='ksef_offline']"))

    def test_at_once_where_the_company_wants_it(self):
        self.company.service_ksef_hand_over = True
        invoice = self._offline()
        self.assertEqual(len(self._mails(invoice)), 1)
        self.assertTrue(invoice.service_handed_over_on)
        self.assertEqual(invoice.service_sending, "failed")
        with self.assertRefused("issued"):
            invoice.button_draft()
        self._run(f"{DAY} 15:20:00")
        self._back()
        self.assertEqual(invoice.service_sending, "sent")
        self.assertEqual(len(self._mails(invoice)), 1)
        self.assertEqual(len(self._sent(invoice)), 1)

    def test_handed_over_it_stays_offline_on_the_same_day(self):
        self.company.service_ksef_hand_over = True
        invoice = self._offline()
        self._back(f"{DAY} 16:00:00")
        self._run(f"{DAY} 17:00:00")
        (entry,) = self._sent(invoice)
        self.assertTrue(entry["offline"])

    def test_no_offline_certificate_nothing_is_handed_over(self):
        self.company.service_ksef_hand_over = True
        self.company.sudo().service_ksef_offline_certificate_id = False
        invoice = self._offline()
        self.assertFalse(self._mails(invoice))
        self.assertFalse(invoice.service_handed_over_on)
        self._back()
        self.assertEqual(len(self._mails(invoice)), 1)

    def test_a_copy_of_the_database_hands_nothing_over(self):
        self.company.service_ksef_hand_over = True
        self.env["ir.config_parameter"].set_param("database.uuid", "another")
        invoice = self._offline()
        self.assertFalse(self._mails(invoice))

    def test_in_the_order_in_which_they_were_issued(self):
        first, second = self._invoice(), self._invoice()
        self._queue(second)
        self._run(AFTERNOON)
        self._queue(first, f"{DAY} 15:01:00")
        self._run(f"{DAY} 15:10:00")
        self._back()
        numbers = [entry["facts"]["P_2"] for entry in self.ksef.by_number.values()]
        self.assertEqual(numbers, [first.name, second.name])

    def test_it_is_tried_every_hour(self):
        invoice = self._offline()
        for hour in (16, 17, 18, 19, 20):
            self._run(f"{DAY} {hour}:30:00")
        pause = invoice.service_sending_try_at - fields.Datetime.to_datetime(
            f"{DAY} 20:30:00"
        )
        self.assertEqual(pause.total_seconds(), 3600)

    def test_a_technical_correction(self):
        self.company.service_ksef_hand_over = True
        invoice = self._offline()
        handed_over = self.env["service.ksef"]._document(invoice)
        self.ksef.rejects_with = (450, "Błąd.")
        self._back()
        self.assertEqual(invoice.l10n_pl_edi_status, "rejected")
        self.assertIn("technical correction", invoice.service_sending_error)
        with self.assertRefused("issued"):
            invoice.button_draft()
        self.ksef.rejects_with = None
        self.customer.street = "Krzywa 2"
        with freeze_time("2026-11-05 09:00:00"):
            invoice.action_retry_sending()
            self.env.flush_all()
        self._run("2026-11-05 09:01:00")
        self._run("2026-11-05 09:05:00")
        first, second = self._sent(invoice)
        self.assertIsNone(first["replaces"])
        self.assertTrue(second["offline"])
        self.assertEqual(second["replaces"], digest_of(handed_over))
        self.assertIn("Krzywa 2", second["xml"].decode())
        self.assertEqual(invoice.service_sending, "sent")
        self.assertEqual(len(self._mails(invoice)), 1)

    def test_a_draft_is_issued_anew(self):
        invoice = self._offline()
        invoice.button_draft()
        self.assertFalse(invoice.service_offline_on)
        with self.assertRefused("", AccessError):
            invoice.service_offline_on = fields.Datetime.now()


@tagged("post_install", "-at_install")
class TestAnnouncedOutage(OfflineCommon):
    def test_a_failure_the_service_tells_of(self):
        self._listen()
        start = f"{DAY}T10:00:00+00:00"
        message = {"title": "Awaria KSeF", "start": start}
        self.ksef.word = {"status": "FAILURE", "messages": [message]}
        invoice = self._offline()
        outage = self.env["service.ksef.outage"]._of_company(self.company)
        self.assertEqual(outage.mapped("announcement"), ["Awaria KSeF"])
        self.assertEqual(outage.told_by, "service")
        self.assertEqual(invoice.service_ksef_mode, "failure")
        self.assertFalse(invoice.service_ksef_due)
        self.assertEqual(invoice.service_jpk_marker, "OFF")
        self.assertEqual(len(self._mails(invoice)), 1, "in a failure at once")
        self._run(f"{DAY} 16:30:00")
        self.assertEqual(
            len(self.env["service.ksef.outage"]._of_company(self.company)), 1
        )
        # KSeF answers again before the service calls the failure off.
        self._back()
        self.assertFalse(outage.date_to)
        self.ksef.word = {"status": "AVAILABLE"}
        other = self._invoice(day="2026-11-06")
        self._queue(other, "2026-11-06 09:00:00")
        self._run("2026-11-06 09:05:00")
        self.assertEqual(str(outage.date_to), "2026-11-06")

    def test_the_service_counts_before_a_person(self):
        self._announce("total")
        self._listen()
        self.ksef.word = {"status": "UNAVAILABLE"}
        invoice = self._offline()
        self.assertEqual(invoice.service_ksef_mode, "unavailable")

    def test_a_person_where_the_service_says_nothing(self):
        self._listen()
        self.ksef.word = None
        self._announce("unavailable", last="2026-11-10")
        with mute_logger(STATUS_LOG):
            invoice = self._offline()
        self.assertEqual(invoice.service_ksef_mode, "unavailable")
        # Wednesday, the 11th, is a holiday.
        self.assertEqual(str(invoice.service_ksef_due), "2026-11-12")
        self.assertEqual(invoice.service_jpk_marker, "DI")

    def test_seven_working_days_of_a_failure_told_later(self):
        invoice = self._offline()
        self.assertEqual(invoice.service_ksef_mode, "offline24")
        self._announce(last=DAY)
        invoice.invalidate_recordset()
        self.assertEqual(invoice.service_ksef_mode, "failure")
        self.assertEqual(str(invoice.service_ksef_due), "2026-11-16")

    def test_ksef_counts_before_anybody(self):
        self._announce("total")
        self.ksef.down = False
        invoice = self._offline()
        self.assertFalse(invoice.service_ksef_mode)
        self.assertEqual(len(self._sent(invoice)), 1)

    def test_a_total_failure_is_never_sent(self):
        self._announce("total", last=DAY)
        invoice = self._offline()
        self.assertEqual(invoice.service_ksef_mode, "total")
        self.assertEqual(invoice.service_sending, "sent")
        self.assertEqual(len(self._mails(invoice)), 1)
        self.assertEqual(invoice.service_jpk_marker, "BFK")
        self.assertIn("total failure", invoice.service_jpk_reason)
        self.assertFalse(invoice._ksef_stamp())
        self._back()
        self.assertFalse(self._sent(invoice))

    def test_the_service_is_not_asked_unless_it_is_set(self):
        self._offline()
        self.assertFalse([one for one in self.ksef.requests if "latarnia" in one])

    def test_who_enters_and_who_said_so(self):
        outage = self._announce()
        with self.assertRefused("", AccessError):
            outage.told_by = "service"
        for user in (self.back_office, self.manager, self.technician):
            with self.assertRefused("", AccessError):
                outage.with_user(user).date_to = DAY


@tagged("post_install", "-at_install")
class TestDuty(SendingCommon):
    """Which invoices go to KSeF at all."""

    def setUp(self):
        super().setUp()
        self.accountant.lang = "en_US"

    def _due(self, invoice):
        return self.env["service.ksef"]._is_due(invoice)

    def test_consumers_as_the_company_chose(self):
        invoice = self._invoice(self.consumer)
        self.assertFalse(self._due(invoice))
        self.company.service_ksef_consumers = True
        self.assertTrue(self._due(invoice))

    def test_a_small_seller(self):
        self.company.service_ksef_small_seller = True
        price = self._invoice().amount_total
        many = 9000 / price * 2
        lines = [(0, 0, {"product_id": self.hour.id, "quantity": many})]
        big = self._invoice(invoice_line_ids=lines)
        over = self._invoice(invoice_line_ids=lines)
        later = self._invoice(day="2026-12-01")
        next_year = self._invoice(day="2027-01-04")
        self.assertEqual(
            [self._due(one) for one in (big, over, later, next_year)],
            [False, True, True, True],
        )
        self.assertIn("10,000", big.service_jpk_reason)
        self.company.service_ksef_small_seller = False
        self.assertTrue(self._due(big))

    def test_a_certificate_that_was_taken_out(self):
        """Somebody chose to issue in KSeF: that holds until it is withdrawn."""
        self.company.sudo().l10n_pl_edi_certificate = False
        invoice = self._invoice()
        self._queue(invoice)
        self._run()
        self.assertEqual(invoice.service_sending, "failed")
        self.assertIn("certificate", invoice.service_sending_error)
        self.assertFalse(self._mails(invoice))
        ksef.enroll(self.company)
        self._run(f"{DAY} 10:00:00")
        self._run(f"{DAY} 10:05:00")
        self.assertEqual(invoice.service_sending, "sent")
        self.assertEqual(invoice.l10n_pl_edi_status, "accepted")

    def test_stuck_at_ksef(self):
        self.ksef.asks_before_done = 30
        invoice = self._invoice()
        self._queue(invoice)
        self._run()
        self._run(f"{DAY} 09:10:00")
        self._run(f"{DAY} 10:00:00")
        self.assertFalse(self._activities(invoice))
        self._run(f"{DAY} 10:15:00")
        self._run(f"{DAY} 10:20:00")
        self.assertEqual(len(self._activities(invoice)), 1)
        self.assertEqual(self._activities(invoice).user_id, self.accountant)
        self.assertEqual(invoice.service_sending, "waiting")
        for entry in self.ksef.entries.values():
            entry["asks"] = 0
        self._run(f"{DAY} 10:25:00")
        self.assertEqual(invoice.service_sending, "sent")
        self.assertFalse(self._activities(invoice))
