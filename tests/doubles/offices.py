"""KSeF's stand-in and the customers' mailboxes, for one company and one block.

    with offices(env, company) as (stand_in, sink):
        ...  # send invoices

Not for a database that goes on without them: its jobs would look for the real KSeF.
`offices` therefore takes the company's certificate back when the block ends, and what
was enrolled here only ever knows the addresses of KSeF's test environment.
"""

from contextlib import contextmanager

from . import ksef, mail_sink


@contextmanager
def offices(env, company):
    """Have both while the block lasts; `company` needs a NIP and an address."""
    with (
        ksef.running() as stand_in,
        ksef.leading(stand_in.url),
        mail_sink.running() as sink,
    ):
        certificate = ksef.enroll(company)
        server = env["ir.mail_server"].create(
            {"name": "Mail sink", "smtp_host": "127.0.0.1", "smtp_port": sink.port}
        )
        try:
            yield stand_in, sink
        finally:
            ksef.withdraw(company)
            certificate.active = False
            server.unlink()
