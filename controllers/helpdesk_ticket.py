from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController


class ServiceHelpdeskTicketController(HelpdeskTicketController):
    @http.route(type="http", auth="user")
    def support_ticket_close(self, **kw):
        """Close a ticket only for a person who may see it.

        The inherited route looks the ticket up as superuser, so that any portal user
        could close any ticket by its number.
        """
        ticket_id = kw.get("ticket_id", "")
        if not ticket_id.isdigit():
            raise NotFound()
        ticket = request.env["helpdesk.ticket"].browse(int(ticket_id)).exists()
        if not ticket:
            raise NotFound()
        ticket.check_access("read")
        return super().support_ticket_close(**kw)
