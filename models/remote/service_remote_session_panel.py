from odoo import api, fields, models

from ...tools import consent

PANEL = "helpdesk_service_contract.remote_session_panel"


class ServiceRemoteSession(models.Model):
    """The list that answers whether one may connect, and what is missing."""

    _inherit = "service.remote.session"

    agreement = fields.Html(
        compute="_compute_agreement",
        sanitize=False,
        help="What the person at the computer has accepted, and what is missing.",
    )
    is_agreed = fields.Boolean(
        string="All Accepted",
        compute="_compute_agreement",
        help="The person at the computer has accepted everything that is required.",
    )
    recording_allowed = fields.Boolean(
        compute="_compute_agreement", help="The person consented to being recorded."
    )

    @api.depends_context("uid", "lang")
    @api.depends("acceptance_ids", "person_id", "state", "ticket_id", "user_id")
    def _compute_agreement(self):
        for session in self:
            if session.state == "planned" and session._origin:
                session._show_missing()
            else:
                taken = session.sudo().consent_id
                session.agreement = False
                session.is_agreed = bool(taken)
                session.recording_allowed = taken.recording

    def _show_missing(self):
        service = self.env["service.consent"]
        given = service._consent(self)
        missing = service._missing(self)
        self.is_agreed = bool(self.person_id) and not missing
        self.recording_allowed = given.recording
        rows = [*self._document_rows(missing), *self._statement_rows(given)]
        if given:
            rows.append((None, self._recording_words(given)))
        self.agreement = self.env["ir.qweb"]._render(
            PANEL,
            {"agreed": self.is_agreed, "rows": rows, "title": self._agreement_title()},
        )

    def _agreement_title(self):
        if self.is_agreed:
            return self.env._("You can connect: everything has been accepted.")
        if not self.person_id:
            return self.env._("Choose who will be at the computer.")
        return self.env._(
            "Consents are missing. Send an invitation, or record what %s accepts "
            "by phone.",
            self.person_id.name,
        )

    def _document_rows(self, missing):
        """Each document: whether it is accepted, and when and how it was."""
        versions = self.env["service.terms.version"].sudo()
        for line in self._accepted_in_force():
            yield True, self._accepted_words(line)
        for version in missing.versions:
            yield False, versions.browse(version.id).display_name
        if missing.kinds:
            nothing = consent.Missing(kinds=missing.kinds)
            for words in self.env["service.consent"]._in_words(nothing):
                yield False, words

    def _accepted_words(self, line):
        acceptance = line.acceptance_id
        channels = dict(acceptance._fields["channel"]._description_selection(self.env))
        return self.env._(
            "%(document)s – accepted %(moment)s, %(channel)s",
            document=line.version_id.display_name,
            moment=self._local(acceptance.given_at),
            channel=channels[acceptance.channel].lower(),
        )

    def _statement_rows(self, given):
        for name in consent.Statement:
            yield bool(given[name]), given._fields[name]._description_string(self.env)

    def _recording_words(self, given):
        if given.recording:
            return self.env._("Recording the session is allowed")
        return self.env._("The session must not be recorded")

    def action_connect(self):
        """Open the tool on the technician's computer, once the session runs."""
        self.ensure_one()
        self._check_mine()
        self._check_running()
        return {
            "type": "ir.actions.client",
            "tag": "service_open_program",
            "params": {"url": self.connection_url},
        }

    def action_end(self):
        self.ensure_one()
        self._check_mine()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_session_end_action"
        ) | {"context": {"default_session_id": self.id}}

    def action_open_entry(self):
        self.ensure_one()
        return self.entry_id.action_open_work_entry()
