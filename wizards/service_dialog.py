from odoo import api, models


class ServiceDialog(models.AbstractModel):
    """A dialog about a record, for those alone who may read it.

    What is computed from the record is computed as the one who asks: the superuser
    would tell it to everybody.
    """

    _name = "service.dialog"
    _description = "Dialog"
    # The field with what the dialog is about.
    _about = None

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        dialogs[self._about].check_access("read")
        return dialogs

    def write(self, vals):
        result = super().write(vals)
        self[self._about].check_access("read")
        return result
