"""Terms in force, a person who accepts them, and a session. Holds no test."""

from freezegun import freeze_time

from odoo import fields

from ..tools.consent import Statement
from .common import ServiceCommon

STATEMENTS = dict.fromkeys(Statement, True)


class RemoteCommon(ServiceCommon):
    """A customer of remote help by the price list, as scenario A has it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.remote_hour = cls._create_product("Pomoc zdalna", 180.0)
        cls.retail = cls._create_tier(
            "Cennik detaliczny",
            product=cls.remote_hour,
            first_minutes=30,
            step_minutes=30,
            scope="session",
        )
        cls.retail.kind = "ad_hoc"
        cls.regulations = cls._create_terms("Regulamin pomocy zdalnej", "regulations")
        cls.price_list = cls._create_terms("Cennik pomocy zdalnej", "price_list")
        cls.person = cls.env["res.partner"].create(
            {
                "name": "Anna Nowak",
                "parent_id": cls.customer.id,
                "email": "anna@klient.example",
                "lang": "pl_PL",
            }
        )

    @classmethod
    def _create_terms(cls, name, kind, day="2026-05-01", **vals):
        terms = cls.env["service.terms"].create(
            {"name": name, "kind": kind, "company_id": cls.company.id} | vals
        )
        cls._publish(terms, day)
        return terms

    @classmethod
    def _publish(cls, terms, day, published="2026-05-01", lang="pl_PL"):
        """A version in force from ``day``, published by the manager."""
        with freeze_time(f"{published} 08:00:00"):
            version = (
                cls.env["service.terms.version"]
                .with_user(cls.manager)
                .create(
                    {
                        "terms_id": terms.id,
                        "lang": lang,
                        "text": f"<p>{terms.name} od {day}</p>",
                        "in_force_from": day,
                    }
                )
            )
            version.action_publish()
        return version

    @classmethod
    def _accept(cls, moment, versions, person=None, session=None, **statements):
        """What a person accepts on the page of an invitation."""
        with freeze_time(moment):
            return cls.env["service.terms.acceptance"]._record(
                person or cls.person,
                cls.company,
                {
                    "channel": "link",
                    "given_at": fields.Datetime.now(),
                    "address": "203.0.113.7",
                }
                | statements,
                versions=versions,
                session=session,
            )

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
