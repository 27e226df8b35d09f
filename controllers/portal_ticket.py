from odoo import http
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk


class ServicePortalTicket(CustomerPortalHelpdesk):
    """The pages of tickets, in the language of the customer.

    The inherited labels come from Python code of another module, whose translations no
    file of ours can hold.
    """

    @http.route()
    def portal_my_tickets(self, **kw):
        response = super().portal_my_tickets(**kw)
        filters = (response.qcontext or {}).get("searchbar_filters", {})
        if "all" in filters:
            filters["all"]["label"] = request.env._("All")
        return response

    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        return values | {"title": ticket.display_name}

    def _ticket_get_searchbar_sortings(self):
        return self._relabelled(
            super()._ticket_get_searchbar_sortings(),
            date=request.env._("Newest"),
            name=request.env._("Subject"),
            stage=request.env._("Stage"),
            update=request.env._("Last change"),
        )

    def _ticket_get_searchbar_groupby(self):
        return self._relabelled(
            super()._ticket_get_searchbar_groupby(),
            none=request.env._("Not grouped"),
            category=request.env._("Category"),
            stage=request.env._("Stage"),
        )

    def _ticket_get_searchbar_inputs(self):
        return self._relabelled(
            super()._ticket_get_searchbar_inputs(),
            all=request.env._("Search everywhere"),
            number=request.env._("Search in the number"),
            name=request.env._("Search in the title"),
        )

    def _relabelled(self, choices, **labels):
        for name, label in labels.items():
            if name in choices:
                choices[name]["label"] = label
        return choices
