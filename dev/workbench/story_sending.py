"""Sending in the story: a stand-in for KSeF, and the customers' mailboxes.

    with story_sending.offices(env, company) as (ksef, sink):
        story_sending.send(env, invoices, accountant)

Not for a database that goes on without them: its jobs would look for the real KSeF.
`offices` therefore takes the company's certificate back when the block ends, and what
was enrolled here only ever knows the addresses of KSeF's test environment.
"""

from contextlib import contextmanager

from . import ksef_stand_in, mail_sink

# Sent, asked about and mailed, asked whether the mail server took it.
_ROUNDS = 3


@contextmanager
def offices(env, company):
    """Have both while the block lasts; `company` needs a NIP and an address."""
    with (
        ksef_stand_in.running() as ksef,
        ksef_stand_in.leading(ksef.url),
        mail_sink.running() as sink,
    ):
        certificate = ksef_stand_in.enroll(company)
        server = env["ir.mail_server"].create(
            {"name": "Mail sink", "smtp_host": "127.0.0.1", "smtp_port": sink.port}
        )
        try:
            yield ksef, sink
        finally:
            ksef_stand_in.withdraw(company)
            certificate.active = False
            server.unlink()


def send(env, invoices, accountant):
    """Queue the invoices as the accountant, and let the job run; it commits."""
    invoices.with_user(accountant).action_queue_sending()
    for _round in range(_ROUNDS):
        env["account.move"]._cron_send()
    return invoices
