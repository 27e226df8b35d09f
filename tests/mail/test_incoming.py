from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import HELPDESK, MailCommon

PARSER = "odoo.addons.helpdesk_service_contract.models.coverage.mail_thread"
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestIncoming(MailCommon):
    """A mail becomes a ticket, whatever is wrong with it, and the right people's."""

    def test_a_ticket_by_mail_is_its_senders_and_nobodys_work(self):
        ticket = self._report_by_mail()
        self.assertEqual(ticket.partner_id, self.jan)
        self.assertEqual(ticket.partner_email, "jan@klient.example")
        self.assertEqual(ticket.partner_name, "Jan Klient")
        self.assertFalse(ticket.user_id)
        self.assertEqual(ticket.team_id, self.team)
        self.assertEqual(
            ticket.channel_id,
            self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email"),
        )
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 12:00")

    def test_mail_of_a_stranger(self):
        ticket = self._report_by_mail(sender="Ewa Obca <ewa@obca.example>")
        self.assertFalse(ticket.partner_id)
        self.assertEqual(ticket.partner_email, "ewa@obca.example")
        self.assertEqual(ticket.partner_name, "Ewa Obca")
        self.assertFalse(ticket.user_id)

    def test_who_forwards_a_mail_is_not_its_customer(self):
        mail = self._mail(
            "Subject: FW: Serwer", sender="Technik <technik@serwis.example>"
        )
        with self._at("2026-10-19 08:00"):
            ticket = self._receive(mail)
        self.assertFalse(ticket.partner_id)
        self.assertFalse(ticket.user_id)

    def test_a_customers_person_who_is_a_user_as_well(self):
        user = self._create_user("oboje", "group_technician")
        user.partner_id.write(
            {"email": "oboje@klient.example", "parent_id": self.customer.id}
        )
        ticket = self._report_by_mail(sender="oboje@klient.example")
        self.assertEqual(ticket.partner_id, user.partner_id)

    # What cannot be read

    def _text(self, ticket):
        return str(ticket.description), ticket.attachment_ids

    def test_labels_that_no_program_knows(self):
        for label in ("x-cp1250", "unknown-8bit", "cp-1250", '""', "ansi"):
            with self.subTest(label=label):
                mail = self._mail(
                    f"Content-Type: text/plain; charset={label}",
                    body="Zażółć – gęślą".encode("windows-1250"),
                )
                text, files = self._text(self._receive(mail))
                self.assertIn("Zażółć – gęślą", text)
                self.assertEqual(files.mapped("name"), ["original.eml"])
                self.assertEqual(files.raw, mail)

    def test_no_label_at_all(self):
        lines = [
            f"From: jan@klient.example\r\nTo: {HELPDESK}".encode(),
            b"Subject: " + "Żółw".encode("iso-8859-2"),
            b"Message-ID: <bare@klient.example>",
            b"",
            "Pchnąć w tę łódź jeża".encode("windows-1250"),
        ]
        ticket = self._receive(b"\r\n".join(lines))
        self.assertEqual(ticket.name, "Żółw")
        self.assertIn("Pchnąć w tę łódź jeża", ticket.description)
        self.assertEqual(ticket.attachment_ids.raw, b"\r\n".join(lines))

    def test_characters_that_no_database_takes(self):
        mail = self._mail("Subject: =?utf-8?Q?Raport=00skanera?=", body=b"a\0b\x1bc")
        ticket = self._receive(mail)
        self.assertEqual(ticket.name, "Raportskanera")
        self.assertIn("abc", ticket.description)
        self.assertEqual(ticket.attachment_ids.raw, mail)

    def test_a_name_of_a_file_that_no_database_takes(self):
        mail = self._mail(
            "Content-Type: multipart/mixed; boundary=b",
            body="--b\r\nContent-Disposition: attachment; "
            "filename*=utf-8''rap%00ort.txt\r\n\r\nx\r\n--b--\r\n",
        )
        self.assertIn("raport.txt", self._receive(mail).attachment_ids.mapped("name"))

    def test_what_no_program_can_read_at_all(self):
        for body in ("<!-- -->", "<?xml version='1.0'?>"):
            mail = self._mail("Content-Type: text/html; charset=utf-8", body=body)
            with self.subTest(body=body), mute_logger(PARSER):
                ticket = self._receive(mail)
                self.assertEqual(ticket.name, "Drukarka nie drukuje")
                self.assertTrue(ticket.description)

    def test_a_mail_without_text_or_subject(self):
        ticket = self._receive(self._mail("Subject: ", body=""))
        self.assertTrue(ticket.name)
        self.assertTrue(ticket.description)

    def test_a_good_mail_is_kept_as_it_is(self):
        ticket = self._receive(self._mail(body="Zażółć"))
        self.assertIn("Zażółć", ticket.description)
        self.assertFalse(ticket.attachment_ids)

    # Pictures

    def _with_picture(self, picture):
        body = (
            "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            '<p>Taki błąd:</p><img src="cid:1@x">\r\n'
            f"--b\r\n{picture}Content-Transfer-Encoding: base64\r\n\r\n{PNG}"
            "\r\n--b--\r\n"
        )
        return self._mail("Content-Type: multipart/related; boundary=b", body=body)

    def test_pictures_are_seen_in_the_description(self):
        for picture in (
            "Content-Type: image/png; name=a.png\r\nContent-ID: <1@x>\r\n"
            "Content-Disposition: inline; filename=a.png\r\n",
            "Content-Type: image/png\r\nContent-ID: <1@x>\r\n",
        ):
            ticket = self._receive(self._with_picture(picture))
            image = ticket.attachment_ids
            self.assertEqual(image.mimetype, "image/png")
            self.assertIn(f"/web/image/{image.id}", ticket.description)
            self.assertNotIn("cid:", ticket.description)
            self.assertIn("Taki błąd", ticket.description)

    # An address of several

    def test_a_shared_address_asks_whose_it_is(self):
        other = self.env["res.partner"].create(
            {"name": "Firma B", "is_company": True, "email": "wspolny@klient.example"}
        )
        ewa = self._person("Ewa", "wspolny@klient.example")
        ticket = self._report_by_mail(sender="Ewa <wspolny@klient.example>")
        self.assertFalse(ticket.partner_id)
        self.assertFalse(ticket.message_ids.author_id & (other | ewa))
        self.assertFalse(ticket.message_partner_ids & (other | ewa))
        (asked,) = [
            body for body in ticket.message_ids.mapped("body") if "Firma B" in body
        ]
        self.assertIn("Ewa", asked)
        with self._at("2026-10-19 09:00"):
            ticket.with_user(self.technician).partner_id = ewa
        self.assertTimer(ticket, "reaction", deadline="2026-10-19 12:00")
        question = self._write(ticket, "2026-10-19 09:30", partner_ids=ewa.ids)
        self._reply(
            question, when="2026-10-19 10:00", sender="Ewa <wspolny@klient.example>"
        )
        self.assertEqual(ticket.message_ids[0].author_id, ewa)

    def test_two_contacts_of_one_customer_are_no_question(self):
        self._person("Jan Klient (dom)", "jan@klient.example")
        ticket = self._report_by_mail()
        self.assertEqual(ticket.commercial_partner_id, self.customer)

    def test_the_address_of_one_of_us_is_no_question(self):
        self.env["res.partner"].create(
            {"name": "Hurtownia", "email": "technik@serwis.example"}
        )
        ticket = self._report_by_mail(sender="technik@serwis.example")
        self.assertNotIn("Hurtownia", "".join(ticket.message_ids.mapped("body")))

    # Which team

    def test_another_mailbox_has_its_own_team(self):
        network = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Sieci",
                "company_id": self.company.id,
                "alias_name": "sieci",
                "user_ids": [Command.set(self.colleague.ids)],
            }
        )
        ticket = self._report_by_mail("2026-10-19 08:00", "To: sieci@serwis.example")
        self.assertEqual(ticket.team_id, network)
