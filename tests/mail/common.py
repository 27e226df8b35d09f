"""Mail that comes in and goes out, as a mail server would bring it. Holds no test."""

import email
import email.policy
from contextlib import contextmanager

from odoo.fields import Command

from ..sla.common import SlaCommon

HELPDESK = "pomoc@serwis.example"


class MailCommon(SlaCommon):
    """A customer with Jan, who writes, and a helpdesk with a mailbox."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create(
            {
                "name": "serwis.example",
                "company_ids": [Command.set(cls.company.ids)],
                "catchall_alias": "odpowiedzi",
                "bounce_alias": "zwroty",
            }
        )
        cls.company.write({"email": "biuro@serwis.example", "phone": "22 555 01 00"})
        cls.company.alias_domain_id = cls.domain
        cls.team = cls.company.service_team_id
        cls.team.alias_id.write(
            {"alias_name": "pomoc", "alias_domain_id": cls.domain.id}
        )
        for user, name in ((cls.technician, "technik"), (cls.colleague, "kolega")):
            user.partner_id.email = f"{name}@serwis.example"
            user.lang = "pl_PL"
        cls.jan = cls._person("Jan Klient", "jan@klient.example")
        cls.contract = cls._create_contract()
        cls._promise("reaction", 4, "hours", cls.office)
        cls._promise("resolution", 2, "days", cls.office)
        cls.number = 0

    @classmethod
    def _person(cls, name, address, customer=None, **vals):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "email": address,
                "parent_id": (customer or cls.customer).id,
                "lang": "pl_PL",
            }
            | vals
        )

    @classmethod
    def _mail(cls, *headers, body="Treść", sender="Jan Klient <jan@klient.example>"):
        """A mail to the helpdesk; headers given replace the usual ones."""
        cls.number += 1
        usual = {
            "From": sender,
            "To": HELPDESK,
            "Subject": "Drukarka nie drukuje",
            "Message-ID": f"<{cls.number}@klient.example>",
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=utf-8",
        }
        given = {header.partition(":")[0] for header in headers}
        lines = [f"{k}: {v}" for k, v in usual.items() if k not in given]
        if isinstance(body, str):
            body = body.encode()
        return "\r\n".join([*lines, *headers, "", ""]).encode() + body

    @classmethod
    def _receive(cls, mail):
        """Let Odoo process a mail as the cron does; the ticket it belongs to."""
        threads = cls.env["mail.thread"].with_context(fetchmail_cron_running=True)
        before = cls.env["mail.message"].search([], order="id desc", limit=1)
        threads.message_process(False, mail)
        identity = email.message_from_bytes(mail)["Message-ID"]
        message = cls.env["mail.message"].search(
            [("id", ">", before.id), ("message_id", "=", identity)]
        )
        return cls.env["helpdesk.ticket"].browse(message.res_id)

    @classmethod
    def _report_by_mail(cls, when="2026-10-19 08:00", *headers, **vals):
        with cls._at(when):
            return cls._receive(cls._mail(*headers, **vals))

    @classmethod
    def _reply(cls, to, *headers, when, **vals):
        """A mail that answers a message."""
        thread = (f"In-Reply-To: {to.message_id}", f"References: {to.message_id}")
        with cls._at(when):
            return cls._receive(cls._mail(*thread, *headers, **vals))

    @classmethod
    def _write(cls, ticket, when, user=None, body="Zajmujemy się tym.", **vals):
        """What a person writes on a ticket, as the chatter posts it."""
        with cls._at(when):
            return ticket.with_user(user or cls.technician).message_post(
                **{
                    "body": body,
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                }
                | vals
            )

    @contextmanager
    def _sent(self):
        """The mails that leave in the block, as they would go to the mail server."""
        self._commit()
        before = self.env["mail.mail"].search([], order="id desc", limit=1)
        sent = []
        yield sent
        self._commit()
        for mail in self.env["mail.mail"].search(
            [("id", ">", before.id or 0)], order="id"
        ):
            sent += [Sent(mail, values) for values in mail._prepare_outgoing_list()]

    def _commit(self):
        """Let happen what waits for the end of a transaction."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def _to(self, sent, address):
        return [mail for mail in sent if address in mail.to]


class Sent:
    """A mail that leaves: whom it goes to, and what they see."""

    def __init__(self, mail, values):
        self.to = ",".join(values["email_to"])
        self.subject = values["subject"]
        self.body = values["body"]
        self.headers = values["headers"]
        self.mail = mail


def read(mail):
    return email.message_from_bytes(mail, policy=email.policy.default)
