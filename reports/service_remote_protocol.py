from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.consent import Statement
from ..tools.duration import to_clock
from ..tools.moments import local

# Enough of a fingerprint to compare it by eye.
DIGITS = 16


class Protocol(NamedTuple):
    """One document: of a session, or of a ticket with all that was done on it."""

    ticket: models.Model
    sessions: models.Model
    entries: models.Model
    number: str
    lang: str


class ServiceProtocol(models.AbstractModel):
    """What was done for a customer, under which terms, and for how long: no prices.

    Whoever may print a protocol sees all of it; who may is for the two reports to say.
    """

    _name = "report.helpdesk_service_contract.protocol"
    _description = "Session Report"

    @api.model
    def _values(self, docids, model, protocols):
        return {
            "doc_ids": docids,
            "doc_model": model,
            "protocols": protocols,
            "clock": to_clock,
            "figures": lambda protocol: self._in_language(protocol)._figures(protocol),
        }

    @api.model
    def _in_language(self, protocol):
        return self.with_context(lang=protocol.lang)

    @api.model
    def _figures(self, protocol):
        # sudo: the clock of the company is the same for everybody
        zone = protocol.ticket.company_id.sudo()._service_zone()
        entries = protocol.entries.with_context(lang=protocol.lang)
        worked = [*entries, *protocol.sessions.entry_id]
        return {
            "moment": lambda moment: self._moment(moment, zone),
            "day": lambda day: format_date(self.env, day),
            "sessions": [
                (session, self._facts(session))
                for session in protocol.sessions.with_context(lang=protocol.lang)
            ],
            "entries": entries,
            "worked": sum(entry.worked_minutes for entry in worked),
            "billed": sum(entry.billed_minutes for entry in worked),
            "made_at": fields.Datetime.now(),
        }

    @api.model
    def _moment(self, moment, zone):
        """A moment by the company's clock."""
        shown = local(moment, zone)
        return f"{format_date(self.env, shown.date())} {shown:%H:%M}"

    @api.model
    def _facts(self, session):
        """What of a session is not a field in the words of the reader."""
        consent = session.consent_id
        wording = {**consent._wording(), **(consent.wording or {})}
        return {
            "number": session._protocol_number(),
            "tool": " ".join(
                filter(None, [session.tool_id.name, session.connection_number])
            ),
            "outcome": self._label(session, "outcome"),
            "how": self._label(consent, "channel"),
            "terms": [
                {
                    "document": line.version_id.terms_id.name,
                    "version": line.version_id.number,
                    "when": line.given_at,
                    "how": self._label(line, "channel"),
                    "hash": line.text_hash[:DIGITS],
                }
                for line in session.accepted_line_ids
            ],
            "statements": [(wording[made], consent[made]) for made in Statement],
        }

    @api.model
    def _label(self, record, name):
        labels = dict(record._fields[name]._description_selection(self.env))
        return labels.get(record[name], "")


class ServiceRemoteProtocol(models.AbstractModel):
    _name = "report.helpdesk_service_contract.remote_protocol"
    _inherit = "report.helpdesk_service_contract.protocol"
    _description = "Remote Session Report"

    @api.model
    def _get_report_values(self, docids, data=None):
        sessions = self.env["service.remote.session"].browse(docids)
        sessions.check_access("read")
        sessions._check_ended()
        # sudo: accountants print what they may read, with no right on tickets
        protocols = [
            Protocol(
                session.ticket_id,
                session,
                session.entry_id.browse(),
                session._protocol_number(),
                session._protocol_lang(),
            )
            for session in sessions.sudo()
        ]
        return self._values(docids, sessions._name, protocols)


class ServiceTicketProtocol(models.AbstractModel):
    _name = "report.helpdesk_service_contract.ticket_protocol"
    _inherit = "report.helpdesk_service_contract.protocol"
    _description = "Service Report"

    @api.model
    def _get_report_values(self, docids, data=None):
        tickets = self.env["helpdesk.ticket"].browse(docids)
        tickets.check_access("read")
        # Customers, who may read their tickets as well, get the protocol from us.
        self.env["service.remote.session"].check_access("read")
        # sudo: technicians log for each other, and the protocol has the work of all
        protocols = [self._protocol(ticket) for ticket in tickets.sudo()]
        return self._values(docids, tickets._name, protocols)

    @api.model
    def _protocol(self, ticket):
        sessions = ticket.remote_session_ids.filtered(lambda one: one.state == "ended")
        entries = ticket.timesheet_ids - sessions.entry_id
        if not sessions and not entries:
            raise UserError(
                self.env._(
                    "No work has been done on ticket %s yet. Log the work, or end "
                    "the running session, then print the report.",
                    ticket.number,
                )
            )
        return Protocol(
            ticket,
            sessions.sorted("started_at"),
            entries.sorted(lambda entry: (entry.date, entry.id)),
            ticket.number,
            ticket.partner_id.lang or ticket.commercial_partner_id.lang,
        )
