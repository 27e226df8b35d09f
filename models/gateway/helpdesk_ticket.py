from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.guard import Guard, Seal

OPEN_ONCE = "helpdesk_ticket_open_reference_once"
OPENING = Seal("gateway")
OPENED = Guard(frozenset({"gateway_reference", "gateway_client_id"}), OPENING)


class HelpdeskTicket(models.Model):
    """The event of a connected tool that a ticket came from."""

    _inherit = "helpdesk.ticket"

    gateway_client_id = fields.Many2one(
        "service.gateway.client",
        string="Opened By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    gateway_reference = fields.Char(
        string="Event Reference",
        readonly=True,
        copy=False,
        help="The API client's name for the event. While its ticket is open, no second "
        "one is opened for it.",
    )
    open_reference = fields.Char(
        compute="_compute_open_reference", store=True, copy=False
    )

    # Two calls at once both find no ticket: the database lets one of them open it.
    _open_reference_once = models.UniqueIndex(
        "(gateway_client_id, commercial_partner_id, open_reference)"
        " WHERE open_reference IS NOT NULL",
        "Another ticket for this event is already open.",
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), OPENED)

    @api.depends(
        "active",
        "commercial_partner_id",
        "gateway_reference",
        "gateway_client_id",
        "stage_id.closed",
    )
    def _compute_open_reference(self):
        """The event, while the ticket is the one that is open for it.

        A ticket that is opened again stands back behind one that came later.
        """
        of_tools = self.filtered("gateway_reference")
        taken = of_tools._other_open_events()
        for ticket in self.sorted(lambda one: -(one._origin.id or 0)):
            event = ticket._event()
            closed = ticket.stage_id.closed or not ticket.active
            if not ticket.gateway_reference or closed or event in taken:
                ticket.open_reference = False
            else:
                ticket.open_reference = ticket.gateway_reference
                taken.add(event)

    def _event(self):
        customer = self.commercial_partner_id.id
        return self.gateway_client_id.id, customer, self.gateway_reference

    def _other_open_events(self):
        """Events of these tickets for which another ticket is open."""
        if not self:
            return set()
        # sudo: the event counts, visible or not
        others = self.sudo().search(
            Domain("open_reference", "in", self.mapped("gateway_reference"))
            & Domain("gateway_client_id", "in", self.gateway_client_id.ids)
            & Domain("id", "not in", self._origin.ids)
        )
        return {other._event() for other in others}

    def _tell_right_channel(self, **how):
        """Only people choose how they report, and can be told to do it otherwise."""
        if self.gateway_client_id:
            return None
        return super()._tell_right_channel(**how)
