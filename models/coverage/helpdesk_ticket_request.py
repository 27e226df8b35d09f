from odoo import models
from odoo.exceptions import RedirectWarning
from odoo.tools import plaintext2html

from ...tools.groups import BACK_OFFICE

MODULE = "helpdesk_service_contract"


class HelpdeskTicket(models.Model):
    """What technicians ask of those who decide about money."""

    _inherit = "helpdesk.ticket"

    def _office_user(self):
        """Who arranges things with the customer of this ticket."""
        self.ensure_one()
        people = self.service_contract_id.user_id, self.team_id.user_id
        return self.company_id._responsible(BACK_OFFICE, *people)

    def action_ask_for_quote(self):
        return self._action_ask("quote")

    def action_ask_for_verdict(self):
        return self._action_ask("verdict")

    def action_ask_for_hours(self):
        return self._action_ask("hours")

    def _action_ask(self, kind):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"{MODULE}.service_request_action"
        )
        return action | {
            "name": self._request_label(kind),
            "context": {"default_ticket_id": self.id, "default_kind": kind},
        }

    def _ask_back_office(self, kind, note):
        """Give back office a task; one that is open already gets the note as well."""
        self.ensure_one()
        # sudo: the user who works on the ticket may ask, and need not see who does what
        ticket = self.sudo()
        person = ticket._office_user()
        activity_type = f"{MODULE}.mail_activity_type_{kind}"
        said = plaintext2html(
            ticket.env._("%(who)s: %(note)s", who=self.env.user.name, note=note)
        )
        if open_one := ticket.activity_search([activity_type])[:1]:
            open_one.note = (open_one.note or "") + said
        else:
            ticket.activity_schedule(
                activity_type,
                user_id=person.id,
                summary=ticket.with_context(lang=person.lang)._request_label(kind),
                note=said,
            )
        return person

    def _request_label(self, kind):
        labels = self.env["service.request"]._fields["kind"]
        return dict(labels._description_selection(self.env))[kind]

    def _close_requests(self, kind):
        """What was asked for is done."""
        # sudo: the task may be a colleague's
        self.sudo().activity_feedback([f"{MODULE}.mail_activity_type_{kind}"])

    def _refuse_without_quote(self):
        """Say that work waits for a quote, with the way on for who reads it.

        :raises RedirectWarning: back office makes the quote, a technician asks for it
        """
        self.ensure_one()
        message = self.env._(
            "Work on %s requires a quote accepted by the customer.",
            self.display_name,
        )
        way_on = {"active_id": self.id, "active_model": self._name}
        if self.env.user.has_group(BACK_OFFICE):
            name, button = "make_quote", self.env._("Create Quote")
        else:
            name = "ask_for_quote"
            button = self.env._("Ask Back Office for a Quote")
        action = self.env.ref(f"{MODULE}.action_{name}")
        raise RedirectWarning(message, action.id, button, way_on)
