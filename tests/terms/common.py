"""Terms in force and a person who accepts them. Holds no test."""

from freezegun import freeze_time

from odoo import fields

from ..common import ServiceCommon


class TermsCommon(ServiceCommon):
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
            scope="block",
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
