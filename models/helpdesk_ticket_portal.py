from odoo import models

PROTOCOL = "helpdesk_service_contract.remote_protocol"


class HelpdeskTicket(models.Model):
    """Remote help on a ticket, as its customer sees it on the portal."""

    _inherit = "helpdesk.ticket"  # pylint: disable=consider-merging-classes-inherited

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
        protocol = self.env["ir.actions.report"].sudo()._get_report_from_name(PROTOCOL)
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
