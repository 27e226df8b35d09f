from odoo import api, fields, models


class ServiceSlaDialog(models.AbstractModel):
    """A dialog about one timer, for those alone who may read it.

    What is computed from the timer is computed as the one who asks: the superuser would
    tell it to everybody.
    """

    _name = "service.sla.dialog"
    _description = "SLA Dialog"

    timer_id = fields.Many2one("service.sla.timer", required=True)

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        dialogs.timer_id.check_access("read")
        return dialogs

    def write(self, vals):
        result = super().write(vals)
        self.timer_id.check_access("read")
        return result
