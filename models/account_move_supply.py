from odoo import models


class AccountMove(models.Model):
    """What was supplied, when and under which contract: one answer for the paper, the
    structured invoice and the checks.

    Apart from what an invoice of service is, so that either file is read in one go.
    """

    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    def _served(self):
        """The invoice that knows what was served: a correction may leave that to the
        one it corrects."""
        return self if self.service_contract_id else self.reversed_entry_id or self

    def _served_contract(self):
        # sudo: what stands on an invoice does not depend on who looks at it
        return self._served().service_contract_id.sudo()

    def _service_contract_number(self):
        """The number of the contract; an account of the price list has none."""
        contract = self._served_contract()
        if contract.service_tier_id.kind == "ad_hoc":
            return ""
        return (contract.code or contract.name or "").strip()

    def _is_job(self):
        """Whether it bills a job that was done, and no period of a contract."""
        contract = self._served_contract()
        by_list = contract.service_tier_id.kind == "ad_hoc"
        return by_list and contract.job_billing == "job"

    def _supply_date(self):
        """Day of supply of an invoice that no period and no job stands behind."""
        return self.delivery_date or self.taxable_supply_date
