from odoo import models


class ResCompany(models.Model):
    """How customers of a company may pay."""

    _inherit = "res.company"

    def _is_paid_online(self):
        """Whether customers can pay online: some provider of payments is set up."""
        self.ensure_one()
        # sudo: whether there is a way to pay is no secret; its keys are
        providers = self.env["payment.provider"].sudo()
        return bool(
            providers.search_count(
                [
                    *providers._check_company_domain(self),
                    ("state", "!=", "disabled"),
                    ("is_published", "=", True),
                ],
                limit=1,
            )
        )
