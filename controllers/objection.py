from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .helpdesk_ticket import check_storable, own_ticket


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
        check_storable([reason])
        ticket = own_ticket(ticket_id)
        try:
            ticket._raise_objection(reason)
        except UserError as error:
            page = {"ticket": ticket, "message": error.args[0], "reason": reason}
            return request.render("helpdesk_service_contract.objection_refused", page)
        return request.redirect(f"/my/ticket/{ticket_id}")
