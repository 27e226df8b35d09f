from odoo import api, models

FOLDER = "/helpdesk_service_contract/static/xls"
# Languages in which the columns of our templates are written.
WRITTEN = {"pl_PL": "pl"}


class ServiceImport(models.AbstractModel):
    """Spreadsheets to fill in for Odoo's own import."""

    _name = "service.import"
    _description = "Import Templates"

    @api.model
    def _templates(self, name, label):
        """A template as ``get_import_templates`` gives it, its columns in the user's
        language: Odoo finds their fields by what they are called."""
        lang = WRITTEN.get(self.env.lang, "en")
        return [{"label": label, "template": f"{FOLDER}/{name}_{lang}.xlsx"}]

    @api.model
    def _rows_told(self, result):
        """What Odoo's import found, each error at its own row.

        Odoo tries many rows at once first, and blames the first of them for all.
        """
        first, *rest = result["messages"] or [None]
        if first and first["message"] in [one["message"] for one in rest]:
            result["messages"] = rest
        return result
