from odoo import api, fields, models


class ServiceExportWizard(models.TransientModel):
    """An administrator takes everything along."""

    _name = "service.export.wizard"
    _description = "Export Everything"

    evidence = fields.Text(compute="_compute_evidence", string="What Is Deleted")

    @api.depends_context("lang")
    def _compute_evidence(self):
        export = self.env["service.export"]
        lines = export._evidence_lines(export._evidence())
        self.evidence = "\n".join(lines)

    def action_export(self):
        """Make the archive and download it."""
        attachment = self.env["service.export"]._export()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }
