from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    service_period_from = fields.Date(readonly=True, copy=False)
    service_period_to = fields.Date(readonly=True, copy=False)
    service_package_id = fields.Many2one(
        "service.hour.package",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    service_charges = fields.Json(
        readonly=True,
        copy=False,
        help="The work that is billed by this line: the unit, and of each work entry "
        "its id and how many minutes or flat fees.",
    )

    def _copy_data_extend_business_fields(self, values):
        """A credit note is about the package its invoice sold; a copy is not."""
        result = super()._copy_data_extend_business_fields(values)
        if self.move_id.move_type == "out_invoice":
            values["service_package_id"] = self.service_package_id.id
        return result

    def unlink(self):
        """A package whose line is taken off the draft is not sold any more."""
        # sudo: an accountant moves invoices, and the ledger of hours follows by itself
        packages = self.sudo().service_package_id
        result = super().unlink()
        packages._sync_grant()
        return result
