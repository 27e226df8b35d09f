from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request


class ServiceCoverageController(http.Controller):
    @http.route(
        "/my/ticket/<int:ticket_id>/object",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def object_to_verdict(self, ticket_id, reason="", **_kw):
        """The customer objects to the verdict on their own report."""
        ticket = request.env["helpdesk.ticket"].browse(ticket_id).exists()
        if not ticket:
            raise NotFound()
        try:
            ticket.check_access("read")
        except AccessError:
            raise NotFound() from None
        customer = request.env.user.partner_id.commercial_partner_id
        if ticket.sudo().commercial_partner_id != customer:
            # Who only follows a ticket does not speak for the customer.
            raise NotFound()
        try:
            ticket._raise_objection(reason)
        except UserError as error:
            page = {"ticket": ticket, "message": error.args[0], "reason": reason}
            return request.render("helpdesk_service_contract.objection_refused", page)
        return request.redirect(f"/my/ticket/{ticket_id}")
