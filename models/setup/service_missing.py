from odoo import api, fields, models


class ServiceMissing(models.TransientModel):
    """One thing that is missing in a company, as its list shows it."""

    _name = "service.missing"
    _description = "What Is Missing"
    _order = "id"

    company_id = fields.Many2one("res.company", readonly=True)
    topic = fields.Char(readonly=True)
    sentence = fields.Char(string="What", readonly=True)
    record_model = fields.Char(string="Model", readonly=True)
    record_id = fields.Many2oneReference(model_field="record_model", readonly=True)

    @api.model
    def action_open_missing(self):
        """Look for what is missing in the current company, and list it."""
        company = self.env.company
        self.search([("create_uid", "=", self.env.uid)]).unlink()
        found = dict.fromkeys(
            missing
            for missing in company._missing()
            if missing.topic not in company._skipped_steps()
        )
        self.create(
            [
                {
                    "company_id": company.id,
                    "topic": missing.topic,
                    "sentence": missing.sentence,
                    "record_model": missing.record._name,
                    "record_id": missing.record.id,
                }
                for missing in found
            ]
        )
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_missing_action"
        )

    def action_open(self):
        """The record on which it is put right, or the step of the set-up."""
        self.ensure_one()
        if self.record_model == "res.company":
            return self.company_id._open_setup(self.topic)
        return self.env[self.record_model].browse(self.record_id)._get_records_action()
