from odoo import models


class HelpdeskTicket(models.Model):
    """Logging work on a ticket."""

    _inherit = "helpdesk.ticket"

    def action_log_work(self):
        """The dialog for work, which shows before saving what it will cost."""
        self.ensure_one()
        self._prepare_for_work()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.work_entry_action_log"
        ) | {"context": {"default_ticket_id": self.id}}
