from odoo import api, models
from odoo.exceptions import ValidationError


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["service.partial.right", "product.product"]

    @api.model
    def _partial_rights(self):
        return self.env["product.template"]._partial_rights()

    def _check_service_tax(self, company):
        """Refuse products that cannot stand on a service invoice of ``company``.

        A line without tax posts in silence and is then missing from the structured
        invoice. A tax meant for goods turns a service for a customer in another EU
        country into a supply of goods (VAT act, art. 28b). Where the chart of
        accounts tells the two apart, as the Polish one does with "23% S", the product
        must carry one for services.

        :raises ValidationError: naming the product and what to choose instead
        """
        for product in self:
            taxes = product.taxes_id.filtered_domain(
                self.env["account.tax"]._check_company_domain(company)
            )
            if not taxes:
                raise ValidationError(
                    self.env._(
                        "The product “%(product)s” has no sales tax in “%(company)s”. "
                        "Open the product and choose one, for instance 23%% for "
                        "services.",
                        product=product.display_name,
                        company=company.name,
                    )
                )
            service_taxes = company._service_sale_taxes()
            if any(self._is_goods_tax(tax, service_taxes) for tax in taxes):
                raise ValidationError(
                    self.env._(
                        "The product “%(product)s” is taxed as goods "
                        "(%(taxes)s). Open the product and choose a tax for "
                        "services: %(service_taxes)s.",
                        product=product.display_name,
                        taxes=", ".join(taxes.mapped("name")),
                        service_taxes=", ".join(service_taxes.mapped("name")),
                    )
                )

    def _is_goods_tax(self, tax, service_taxes):
        """Whether a tax is for goods, or has a twin that is meant for services.

        Reduced rates and exemptions come without a scope and serve both.
        """
        if tax.tax_scope:
            return tax.tax_scope == "consu"
        return bool(tax.amount) and tax.amount in service_taxes.mapped("amount")
