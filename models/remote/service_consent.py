from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import consent


class ServiceConsent(models.AbstractModel):
    """Gathers what a person agreed to, and asks ``tools.consent`` what is missing."""

    _name = "service.consent"
    _description = "Consent"

    @api.model
    def _terms(self, session):
        """Documents that count for a session: those of the tier that promised help,
        and of the one whose prices apply, or may once a contract is chosen."""
        ticket = session.ticket_id.sudo()
        tiers = ticket.service_tier_id | ticket._paying_tier()
        if ticket.coverage_code == "contract_open":
            tiers |= ticket.coverage_decision_id._contracts().service_tier_id
        return self.env["service.terms"]._applying(session.company_id, tiers)

    @api.model
    def _missing(self, session, terms=None):
        """What the person at the computer still has to agree to, as of now.

        :param terms: what ``_terms`` found for another session of the same ticket
        """
        terms = self._terms(session) if terms is None else terms
        return self._missing_of(
            session.person_id,
            session.commercial_partner_id,
            session.company_id,
            terms,
            self._statements(session),
        )

    @api.model
    def _missing_of(self, person, customer, company, terms, statements):  # noqa: PLR0913, PLR0917
        """What a person of a customer still has to agree to of some documents.

        Who has left the customer since is nobody who may agree for it.
        """
        # sudo: who somebody is counts, visible or not
        left = person.sudo().commercial_partner_id != customer
        accepted = self._accepted_by(person, customer, terms)
        return consent.missing(
            terms._published(),
            set() if left else set(accepted.version_id.ids),
            set() if left else statements,
            company.sudo()._service_day(),
            person._languages(company),
        )

    @api.model
    def _accepted(self, session):
        """What the person of a session has accepted of its documents so far."""
        customer = session.commercial_partner_id
        return self._accepted_by(session.person_id, customer, self._terms(session))

    @api.model
    def _accepted_by(self, person, customer, terms):
        """Lines of what a person has accepted of ``terms`` for a customer so far."""
        # sudo: acceptances count, visible or not
        return (
            self.env["service.terms.acceptance.line"]
            .sudo()
            .search(
                Domain("acceptance_id", "any", self._by(person, customer))
                & Domain("version_id.terms_id", "in", terms.ids)
                & Domain("acceptance_id.given_at", "<=", fields.Datetime.now())
            )
        )

    @api.model
    def _by(self, person, customer):
        """What a person agreed to for a customer, as a domain of acceptances.

        A contact who went to another company, or has another name, is somebody else.
        """
        # sudo: who somebody is counts, visible or not
        return (
            Domain("person_id", "=", person.id)
            & Domain("person_name", "=", person.sudo().name)
            & Domain("commercial_partner_id", "=", customer.id)
        )

    @api.model
    def _consent(self, session):
        """The statements made last by the person of a session, for this session."""
        # sudo: as above
        acceptances = self.env["service.terms.acceptance"].sudo()
        given = acceptances.search(
            Domain("session_id", "=", session.id)
            & self._by(session.person_id, session.commercial_partner_id),
            order="id desc",
        )
        return given.filtered(lambda one: any(one[name] for name in consent.Statement))[
            :1
        ]

    @api.model
    def _statements(self, session):
        given = self._consent(session)
        return {made for made in consent.Statement if given[made]}

    @api.model
    def _in_words(self, missing):
        """What is missing, a line each, in the words of who reads it."""
        versions = self.env["service.terms.version"].sudo()
        kinds = dict(
            self.env["service.terms"]._fields["kind"]._description_selection(self.env)
        )
        wording = self.env["service.terms.acceptance"]._wording()
        return [
            *(versions.browse(version.id).display_name for version in missing.versions),
            *(
                self.env._("%s: no version in force", kinds[kind])
                for kind in missing.kinds
            ),
            *(wording[made] for made in missing.statements),
        ]
