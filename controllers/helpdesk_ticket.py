from werkzeug.exceptions import BadRequest, NotFound

from odoo import http
from odoo.exceptions import AccessError
from odoo.fields import Datetime
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController
from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk

# As PostgreSQL counts them.
IDS = range(1, 2**31)


def record_id(text):
    """The id that a parameter names, of a record that may be there."""
    text = str(text or "")
    if not (text.isascii() and text.isdigit()) or int(text) not in IDS:
        raise NotFound()
    return int(text)


def own_ticket(ticket_id):
    """A ticket of the customer who is signed in.

    Who only follows a ticket does not speak for its customer.
    """
    ticket = request.env["helpdesk.ticket"].browse(record_id(ticket_id)).exists()
    try:
        ticket.check_access("read")
    except AccessError:
        raise NotFound() from None
    customer = request.env.user.partner_id.commercial_partner_id
    if not ticket or ticket.sudo().commercial_partner_id != customer:
        raise NotFound()
    return ticket


def check_storable(values):
    """Refuse text that no database takes."""
    if any("\0" in value for value in values if isinstance(value, str)):
        raise BadRequest()


class ServiceHelpdeskTicketController(HelpdeskTicketController):
    """OCA's pages change something for the customer's own people alone, and by a form
    of ours: no link does."""

    @http.route(methods=["POST"])
    def support_ticket_close(self, ticket_id=None, stage_id=None, **_kw):
        ticket = own_ticket(ticket_id)
        stages = request.env["helpdesk.ticket.stage"]
        stage = stages.browse(record_id(stage_id)).exists()
        if not stage:
            raise NotFound()
        return super().support_ticket_close(ticket_id=ticket.id, stage_id=stage.id)

    @http.route(methods=["POST"])
    def submit_ticket(self, **kw):
        check_storable(kw.values())
        if not all((kw.get(name) or "").strip() for name in ("subject", "description")):
            raise BadRequest(request.env._("Say what it is about, and describe it."))
        for name in ("category", "team"):
            if kw.get(name):
                kw[name] = record_id(kw[name])
        return super().submit_ticket(**kw)


class ServicePortalHelpdesk(CustomerPortalHelpdesk):
    """The list of tickets, where it is asked for in a way that nobody knows."""

    @http.route()
    def portal_my_tickets(self, **kw):
        check_storable(kw.values())
        choices = {
            "groupby": self._ticket_get_searchbar_groupby(),
            "search_in": self._ticket_get_searchbar_inputs(),
            "sortby": self._ticket_get_searchbar_sortings(),
        }
        for name, known in choices.items():
            if kw.get(name) and kw[name] not in known:
                raise BadRequest()
        try:
            for name in ("date_begin", "date_end"):
                Datetime.to_datetime(kw.get(name))
        except ValueError:
            raise BadRequest() from None
        return super().portal_my_tickets(**kw)
