from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import escape_psql

from ...tools import gateway
from ...tools.groups import TECHNICIAN
from .service_gateway_lookup import IDS


class ServiceGateway(models.AbstractModel):
    """Remote sessions, as programs for remote help plan, start and end them."""

    _inherit = "service.gateway"

    @api.model
    def prepare_session(
        self,
        ticket,
        technician,
        tool=None,
        connection_number=None,
        person=None,
        planned_start=None,
    ):
        """Plan the session of a technician on a ticket, or complete the planned one.

        :param ticket: number of the ticket
        :param technician: login or e-mail
        :param tool: name of the program of the connection, for instance ``AnyDesk``
        :param connection_number: the number of the connection, never a password
        :param person: e-mail or name of the contact at the computer; left out, the
            contact of the ticket
        :param planned_start: ISO 8601 with a time zone; left out, at once
        :return: as ``session``
        """
        this, caller = self._enter()
        with this._in_one_sentence():
            ticket = this._ticket(caller, ticket)
            vals = {
                "person_id": this._person(ticket.commercial_partner_id, person).id,
                "tool_id": this._program(tool).id,
                "connection_number": this._text("connection_number", connection_number),
                "planned_start": this._moment("planned_start", planned_start),
            }
            given = {name: value for name, value in vals.items() if value}
            technician = this._technician(technician)
            this._check_may_help(ticket, technician)
            session = this._planned(ticket, technician, given)
            this.env.flush_all()
            return this._session_as_json(session)

    @api.model
    def invite_session(self, session):
        """Send the person at the computer the page where they agree to the terms.

        :param session: id, from ``prepare_session``
        :return: as ``session``
        """
        this, caller = self._enter()
        with this._in_one_sentence():
            session = this._session(caller, session)
            session.action_invite()
            return this._session_as_json(session)

    @api.model
    def start_session(self, session):
        """Start the clock of a session that the person at the computer agreed to.

        :param session: id, from ``prepare_session``
        :return: as ``session``
        :raises UserError: not agreed (the sentence says what is missing), started
            before, or another session of the technician runs
        """
        this, caller = self._enter()
        with this._in_one_sentence():
            session = this._session(caller, session)
            session.action_start()
            this.env.flush_all()
            return this._session_as_json(session)

    @api.model
    def end_session(self, session, outcome, note, ended_at=None, recorded=False):
        """End a running session: its time is logged as work on the ticket.

        :param session: id, from ``prepare_session``
        :param outcome: ``solved``, ``not_remote`` (cannot be solved remotely) or
            ``continued``
        :param note: what was done; the customer reads it
        :param ended_at: ISO 8601 with a time zone; left out, now
        :param recorded: whether the tool recorded the screen, with consent
        :return: as ``session``, with ``billed_minutes`` by the rounding of the tier
        """
        this, caller = self._enter()
        with this._in_one_sentence():
            session = this._session(caller, session)
            this._check_outcome(session, outcome)
            this._check_recorded(recorded)
            session._end(
                outcome,
                this._text("note", note, longest=gateway.TEXT),
                this._moment("ended_at", ended_at),
                recorded=recorded,
            )
            this.env.flush_all()
            return this._session_as_json(session)

    @api.model
    def session(self, session):
        """What a session has come to.

        :param session: id, from ``prepare_session``
        :return: ``session`` (id), ``ticket`` (number), ``state`` (``planned``,
            ``running``, ``ended``, ``cancelled``), ``technician`` (login), ``person``
            (name), ``planned_start``, ``started_at``, ``ended_at`` (UTC), ``minutes``
            (by the clock), ``billed_minutes``, ``outcome``, ``ready`` (whether the
            person has agreed to everything), ``missing`` (what they have not, in
            words), ``invited``
        """
        this, caller = self._enter()
        with this._in_one_sentence():
            return this._session_as_json(this._session(caller, session))

    def _ticket(self, caller, number):
        number = self._text("ticket", number, required=True)
        found = self.env["helpdesk.ticket"].search(
            Domain("number", "=", number) & caller._tickets()
        )
        return self._exactly_one(found, "ticket", number)

    def _session(self, caller, id_):
        if not isinstance(id_, int) or isinstance(id_, bool):
            raise ValidationError(self.env._("“%s” must be a number.", "session"))
        tickets = self.env["helpdesk.ticket"]._search(caller._tickets())
        found = self.env["service.remote.session"].search(
            Domain("id", "=", id_ if id_ in IDS else False)
            & Domain("ticket_id", "in", tickets)
        )
        return self._exactly_one(found, "session", id_)

    def _technician(self, key):
        key = self._text("technician", key, required=True)
        pattern = escape_psql(key)
        found = self.env["res.users"].search(
            (Domain("login", "=ilike", pattern) | Domain("email", "=ilike", pattern))
            & Domain("share", "=", False)
            & Domain("company_ids", "in", self.env.company.ids)
            & Domain("all_group_ids", "in", self.env.ref(TECHNICIAN).ids)
        )
        return self._exactly_one(found, "technician", key)

    def _check_may_help(self, ticket, technician):
        """Refuse a plan that nobody could carry out."""
        if ticket.closed:
            raise ValidationError(
                self.env._(
                    "Ticket %s is closed. Reopen it before you help.",
                    ticket.number,
                )
            )
        if not ticket.with_user(technician).has_access("read"):
            raise ValidationError(
                self.env._(
                    "%(technician)s is not on the team of ticket %(ticket)s.",
                    technician=technician.name,
                    ticket=ticket.number,
                )
            )

    def _program(self, name):
        programs = self.env["service.remote.program"]
        name = self._text("tool", name)
        if not name:
            return programs
        found = programs.search(
            Domain("name", "=ilike", escape_psql(name))
            & Domain("company_id", "in", [False, self.env.company.id])
        )
        return self._exactly_one(found, "tool", name)

    def _planned(self, ticket, technician, vals):
        """The planned session of a technician on a ticket, with what is known of it."""
        sessions = self.env["service.remote.session"]
        planned = sessions.search(
            Domain("ticket_id", "=", ticket.id)
            & Domain("user_id", "=", technician.id)
            & Domain("state", "=", "planned"),
            limit=1,
        )
        if not planned:
            # Another call may plan the same one, unseen by this transaction.
            self.env["service.consent.page"]._serialize_clicks(ticket)
            keys = {"ticket_id": ticket.id, "user_id": technician.id}
            return sessions.create(keys | vals)
        planned.write(vals)
        return planned

    def _check_outcome(self, session, outcome):
        known = [key for key, _label in session._fields["outcome"].selection]
        if outcome not in known:
            raise ValidationError(
                self.env._("“outcome” must be one of: %s.", ", ".join(known))
            )

    def _check_recorded(self, recorded):
        if not isinstance(recorded, bool):
            raise ValidationError(self.env._("“recorded” must be true or false."))

    def _session_as_json(self, session):
        missing = self._missing(session) if session.state == "planned" else []
        return {
            "session": session.id,
            "ticket": session.ticket_id.number,
            "state": session.state,
            "technician": session.user_id.login,
            "person": session.person_id.name or False,
            "planned_start": self._iso(session.planned_start),
            "started_at": self._iso(session.started_at),
            "ended_at": self._iso(session.ended_at),
            "minutes": session.minutes,
            "billed_minutes": session.billed_minutes,
            "outcome": session.outcome,
            "ready": session.state == "planned" and not missing,
            "missing": missing,
            "invited": bool(session.invited_at),
        }

    def _missing(self, session):
        """What stands between a planned session and its start, in words."""
        if not session.person_id:
            return [self.env._("the person at the computer")]
        consent = self.env["service.consent"]
        return consent._in_words(consent._missing(session))
