from odoo import api, models

from ...tools.plain_text import clean


class ServicePlainText(models.AbstractModel):
    """Texts of the fields in ``_plain_text`` come in without what KSeF refuses.

    By mail, over an interface, from a form or a file: it is cleaned where it is stored.
    """

    _name = "service.plain.text"
    _description = "Plain Text"
    _plain_text = ()

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._in_plain_text(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._in_plain_text(vals))

    def _in_plain_text(self, vals):
        texts = {
            name: clean(vals[name])
            for name in self._plain_text
            if isinstance(vals.get(name), str)
        }
        return {**vals, **texts}


class HelpdeskTicket(models.Model):
    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "service.plain.text"]
    _plain_text = ("name", "partner_name")


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "service.plain.text"]
    _plain_text = (
        "name",
        "street",
        "street2",
        "city",
        "zip",
        "phone",
        "email",
        "vat",
        "ref",
    )


class ContractContract(models.Model):
    _name = "contract.contract"
    _inherit = ["contract.contract", "service.plain.text"]
    _plain_text = ("name", "code", "client_order_ref")


class ContractLine(models.Model):
    _name = "contract.line"
    _inherit = ["contract.line", "service.plain.text"]
    _plain_text = ("name",)


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "service.plain.text"]
    _plain_text = ("name",)


class AccountAnalyticLine(models.Model):
    _name = "account.analytic.line"
    _inherit = ["account.analytic.line", "service.plain.text"]
    _plain_text = ("name",)


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "service.plain.text"]
    _plain_text = ("ref", "service_order_ref", "service_correction_reason")


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "service.plain.text"]
    _plain_text = ("name",)
