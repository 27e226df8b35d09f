from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .service_remote_session import HELPED

SESSION_PROTOCOL = "helpdesk_service_contract.remote_protocol"

TICKET_PROTOCOL = "helpdesk_service_contract.report_ticket_protocol"


class HelpdeskTicket(models.Model):
    """Remote help on a ticket."""

    _inherit = "helpdesk.ticket"

    remote_session_ids = fields.One2many(
        "service.remote.session", "ticket_id", groups="base.group_user"
    )
    running_session_id = fields.Many2one(
        "service.remote.session",
        compute="_compute_running_session_id",
        groups="base.group_user",
        help="The user's own session if several technicians are helping at once, "
        "otherwise the first one.",
    )
    session_count = fields.Integer(
        string="Sessions",
        compute="_compute_session_count",
        groups="base.group_user",
        help="Not counting cancelled sessions.",
    )

    def _is_help_given(self):
        """Whether a remote session that was allowed to start is being logged."""
        return HELPED.is_open(self.env.context) or super()._is_help_given()

    @api.depends("remote_session_ids.state")
    @api.depends_context("uid")
    def _compute_running_session_id(self):
        # sudo: that somebody helps is for everybody who sees the ticket
        running = (
            self.env["service.remote.session"]
            .sudo()
            .search(
                Domain("ticket_id", "in", self.ids) & Domain("state", "=", "running"),
                order="started_at, id",
            )
        )
        first = {}
        for session in running.sorted(lambda one: one.user_id != self.env.user):
            first.setdefault(session.ticket_id.id, session.id)
        for ticket in self:
            ticket.running_session_id = first.get(ticket._origin.id, False)

    @api.depends("remote_session_ids.state")
    def _compute_session_count(self):
        # sudo: as above
        counted = (
            self.env["service.remote.session"]
            .sudo()
            ._read_group(
                Domain("ticket_id", "in", self.ids)
                & Domain("state", "!=", "cancelled"),
                ["ticket_id"],
                ["__count"],
            )
        )
        counts = {ticket.id: count for ticket, count in counted}
        for ticket in self:
            ticket.session_count = counts.get(ticket._origin.id, 0)

    def write(self, vals):
        self._check_helped(vals)
        return super().write(vals)

    def _check_helped(self, vals):
        """Somebody agreed to be helped for their customer, and by this company."""
        if not {"company_id", "partner_id"} & set(vals):
            return
        # sudo: that somebody was helped counts, visible or not
        for ticket in self.sudo():
            customer = ticket.commercial_partner_id
            if "partner_id" in vals:
                contact = ticket.partner_id.browse(vals["partner_id"])
                customer = contact.commercial_partner_id
            company = vals.get("company_id", ticket.company_id.id)
            kept = (customer.id, company) == (
                ticket.commercial_partner_id.id,
                ticket.company_id.id,
            )
            helped = ticket.remote_session_ids.filtered("started_at")
            if helped and not kept:
                raise UserError(
                    self.env._(
                        "Remote help has been given to the customer of ticket %s. "
                        "Open another ticket for another customer.",
                        ticket.number,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_helped(self):
        # sudo: as above
        for ticket in self.sudo():
            if ticket.remote_session_ids:
                raise UserError(
                    self.env._(
                        "Remote help was planned on ticket %s. Archive the ticket "
                        "instead.",
                        ticket.display_name,
                    )
                )

    def action_remote_session(self):
        """The session of this ticket that is planned or runs, or else a new one."""
        self.ensure_one()
        open_session = self.env["service.remote.session"].search(
            Domain("ticket_id", "=", self.id)
            & Domain("state", "in", ("planned", "running"))
            & Domain("user_id", "=", self.env.uid),
            limit=1,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Remote Help"),
            "res_model": "service.remote.session",
            "res_id": open_session.id,
            "view_mode": "form",
            "context": {"default_ticket_id": self.id},
        }

    def action_open_running_session(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "service.remote.session",
            "res_id": self.running_session_id.id,
            "view_mode": "form",
        }

    def action_open_sessions(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_remote_session_action"
        ) | {
            "domain": [("ticket_id", "=", self.id)],
            "context": {"default_ticket_id": self.id},
        }

    def action_print_protocol(self):
        return self.env.ref(TICKET_PROTOCOL).report_action(self)

    def _protocol_name(self):
        """File name of the protocol, in the customer's language."""
        self.ensure_one()
        # sudo: the language of a customer is no secret
        lang = self.sudo().partner_id.lang or self.sudo().commercial_partner_id.lang
        in_language = self.with_context(lang=lang)
        name = in_language.env._("Service report %s", self.number)
        return name.replace("/", "-")

    def _remote_help_for(self, user):
        """A row for each session; what can be done is for the customer's own people.

        Colleagues see that somebody of the same customer accepted, and when. The
        confirmation is only for who gave it. What was a matter of another customer,
        whose ticket this was once, stays theirs.
        """
        self.ensure_one()
        # sudo: one's own contact
        partner = user.sudo().partner_id
        sessions = self.env["service.remote.session"].search(
            [("ticket_id", "=", self.id)]
        )
        if not sessions:
            return []
        # Once for all of them: it is the ticket that decides which documents count.
        terms = self.env["service.consent"]._terms(sessions[:1])
        ours = partner.commercial_partner_id
        # sudo: whether there is a protocol is no secret
        protocol = (
            self.env["ir.actions.report"].sudo()._get_report_from_name(SESSION_PROTOCOL)
        )
        return [
            session._portal_row(terms)
            | {
                "ours": session._is_of(ours),
                "mine": session.acceptance_ids.filtered(
                    lambda one: one.person_id == partner
                ),
                "protocol": bool(protocol) and session.state == "ended",
            }
            for session in sessions
            if session._is_of(ours) or session._is_of(self.commercial_partner_id)
        ]
