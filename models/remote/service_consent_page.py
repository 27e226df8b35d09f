from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import consent, consent_form
from ...tools.consent_form import Form, Problem


class ServiceConsentPage(models.AbstractModel):
    """What the page of an invitation shows, and how it is taken when sent.

    In the language of the reader: what is recorded is what was read.
    """

    _name = "service.consent.page"
    _description = "Consent Page"

    @api.model
    def _facts(self, session, form=None, found=None):
        """All that the page shows of a session.

        :param form: the form that was sent, whose ticks are kept
        :param found: what was in its way, as ``_take`` tells
        """
        form, found = form or Form(), found or {}
        missing = self.env["service.consent"]._missing(session)
        wording = self.env["service.terms.acceptance"]._wording()
        return {
            "session": session,
            "company": session.company_id,
            "missing": missing,
            "documents": self._documents(missing.versions),
            "statements": {
                consent_form.statement_field(name): wording[name]
                for name in consent_form.asked(missing)
            },
            "recording_wording": wording["recording"],
            "accepted": session._accepted_in_force(),
            "acceptances": session.acceptance_ids.filtered(
                lambda one: one.person_id == session.person_id
            ),
            "consent": self.env["service.consent"]._consent(session),
            "wording": wording,
            "recording": form.recording,
            "ticks": form.ticks,
            "errors": self._sentences(found),
        }

    @api.model
    def _documents(self, versions):
        """The versions to read, each with the name of its tick."""
        # sudo: the user who accepts a document may read it
        records = self.env["service.terms.version"].sudo()
        return {
            consent_form.version_field(version.id): records.browse(version.id)
            for version in versions
        }

    @api.model
    def _sentences(self, found):
        sentences = {
            Problem.NOT_SHOWN: self.env._(
                "This version is new: it came into force while you were reading. "
                "Please read it, and tick it."
            ),
            Problem.UNTICKED: self.env._(
                "Please tick this: without it the session cannot start."
            ),
        }
        return {name: sentences[problem] for name, problem in found.items()}

    @api.model
    def _take(self, session, form, given):
        """Record what the person of a session agreed to.

        :param given: the channel, and the network address the click came from
        :return: what is in the way, by the name of the field; empty when all is agreed
        """
        missing = self.env["service.consent"]._missing(session)
        if not missing:
            return {}
        found = consent_form.problems(missing, form)
        if found or missing.kinds:
            return found
        statements = dict.fromkeys(consent_form.asked(missing), True)
        acceptance = self.env["service.terms.acceptance"]._record(
            session.person_id,
            session.company_id,
            given
            | {"given_at": fields.Datetime.now()}
            | {str(name): made for name, made in statements.items()}
            | {"recording": bool(statements) and form.recording},
            versions=self._versions(missing.versions),
            session=session,
        )
        session._agreed(acceptance)
        return {}

    @api.model
    def _versions(self, versions):
        ids = [version.id for version in versions]
        # sudo: the user who accepts a document may read it
        return self.env["service.terms.version"].sudo().browse(ids)

    @api.model
    def _customer_terms(self, person, company):
        """Documents a customer is asked to accept, whatever they report.

        Those of the tiers of their contracts in force, or of the price list.
        """
        # sudo: which documents count is no secret to whom they count for
        today = company.sudo()._service_day()
        contracts = self.env["contract.contract"].sudo()
        tiers = contracts._serving(person, company, today).service_tier_id
        # sudo: as above
        tiers = tiers or self.env["service.tier"].sudo()._first(company, "ad_hoc")
        return self.env["service.terms"]._applying(company, tiers)

    @api.model
    def _missing_for(self, session, person):
        """What ``person`` would have to agree to for a session.

        Who is not the person of it yet makes the statements anew.
        """
        if person and person == session.person_id:
            return self.env["service.consent"]._missing(session)
        terms = self.env["service.consent"]._terms(session)
        customer, company = person.commercial_partner_id, session.company_id
        consents = self.env["service.consent"]
        return consents._missing_of(person, customer, company, terms, ())

    @api.model
    def _missing_terms(self, person, company):
        """Versions a person has not accepted yet, outside of any session."""
        terms = self._customer_terms(person, company)
        statements = tuple(consent.Statement)
        customer = person.commercial_partner_id
        missing = self.env["service.consent"]._missing_of(
            person, customer, company, terms, statements
        )
        return missing._replace(kinds=())

    @api.model
    def _take_terms(self, person, company, form, given):
        """Record the documents that were ticked outside of a session.

        :return: what is in the way, by the name of the field
        """
        self._serialize_clicks(person)
        missing = self._missing_terms(person, company)
        found = consent_form.problems(missing, form)
        new = {n: p for n, p in found.items() if p == Problem.NOT_SHOWN}
        ticked = [
            version
            for version in missing.versions
            if consent_form.version_field(version.id) not in found
        ]
        if new or (missing.versions and not ticked):
            return new or found
        if ticked:
            self.env["service.terms.acceptance"]._record(
                person,
                company,
                given | {"given_at": fields.Datetime.now()},
                versions=self._versions(ticked),
            )
        return {}

    @api.model
    def _serialize_clicks(self, record):
        """Make two calls about a record at once one.

        The second waits for the first, fails as the row was written meanwhile, and is
        tried again: then it finds what the first has recorded.
        """
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET write_date = write_date WHERE id = %s",
                SQL.identifier(record._table),
                record.id,
            )
        )

    @api.model
    def _terms_facts(self, person, company, form=None, found=None):
        """All that the page of a customer's terms shows."""
        form = form or Form()
        terms = self._customer_terms(person, company)
        missing = self._missing_terms(person, company)
        # sudo: the user who is asked to accept a document may read it
        current = terms._in_force(company.sudo()._service_day()).sudo()
        customer = person.commercial_partner_id
        lines = self.env["service.consent"]._accepted_by(person, customer, terms)
        # sudo: their own acceptances
        acceptances = self.env["service.terms.acceptance"].sudo()
        return {
            # sudo: its name and its clock are for every customer
            "company": company.sudo(),
            "documents": self._documents(missing.versions),
            "accepted": lines.filtered(lambda line: line.version_id in current),
            "acceptances": acceptances.search([("person_id", "=", person.id)]),
            "ticks": form.ticks,
            "errors": self._sentences(found or {}),
        }
