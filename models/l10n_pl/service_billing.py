from odoo import api, models


class ServiceBilling(models.AbstractModel):
    """When VAT on what is billed becomes due in Poland."""

    _inherit = "service.billing"

    @api.model
    def _prepare_invoice(self, document, journal):
        """Set the day of supply.

        VAT on a service settled by periods is due at the end of the period (VAT act,
        art. 19a par. 3), whenever the invoice is issued, and on a job when it is done.
        What is billed before is taxed when it is paid (par. 8).
        """
        vals = super()._prepare_invoice(document, journal)
        company = document.contract.company_id.sudo()
        over = document.last < company._service_day()
        done = over or not document.advance
        return vals | {"taxable_supply_date": done and document.last}
