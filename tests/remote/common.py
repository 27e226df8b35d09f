"""Sessions that somebody agrees to and a technician runs. Holds no test."""

from freezegun import freeze_time

from ...tools.consent import Statement
from ..terms.common import TermsCommon

STATEMENTS = dict.fromkeys(Statement, True)


class RemoteCommon(TermsCommon):
    """Sessions of the customer of remote help."""

    @classmethod
    def _session(cls, ticket=None, user=None, **vals):
        """A session as a technician plans it on a ticket."""
        user = user or cls.technician
        ticket = ticket or cls._create_ticket(partner_id=cls.person.id)
        return (
            cls.env["service.remote.session"]
            .with_user(user)
            .create({"ticket_id": ticket.id} | vals)
        )

    @classmethod
    def _agree(cls, session, moment="2026-10-05 08:00:00"):
        """The person accepts what is in force, and makes all the statements."""
        with freeze_time(moment):
            missing = cls.env["service.consent"]._missing(session)
        ids = [version.id for version in missing.versions]
        versions = cls.env["service.terms.version"].browse(ids)
        return cls._accept(moment, versions, session=session, **STATEMENTS)

    @classmethod
    def _run(cls, session, start, end, outcome="solved"):
        """Start and end a session by the clock; its work entry."""
        with freeze_time(start):
            session.action_start()
            cls.env.flush_all()
        with freeze_time(end):
            session._end(outcome, "Usunięto przyczynę.")
            cls.env.flush_all()
        return session.entry_id
