from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import float_is_zero

from ...tools.groups import ACCOUNTANT
from ...tools.guard import Guard, Seal

RAISE = Seal("raise")


class AccountMove(models.Model):
    """Corrections that raise an invoice, in one document (VAT act, art. 106j).

    Odoo's credit notes only lower. What raises is an invoice of the difference: each
    line has what is added or taken off, and KSeF gets it as a correction. It names the
    first invoice, however many corrections came between.
    """

    _inherit = "account.move"

    service_raised_id = fields.Many2one(
        "account.move",
        string="Raises the Invoice",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="The invoice to which this one adds a difference.",
    )
    service_raise_ids = fields.One2many("account.move", "service_raised_id")
    service_can_raise = fields.Boolean(compute="_compute_service_can_raise")

    @api.model
    def _guards(self):
        return (*super()._guards(), Guard(frozenset({"service_raised_id"}), RAISE))

    @api.depends("state", "move_type", "service_raised_id", "company_id")
    def _compute_service_can_raise(self):
        for move in self:
            move.service_can_raise = (
                move.state == "posted"
                and move.move_type == "out_invoice"
                and not move.service_raised_id
                and move.company_id._is_polish()
            )

    def action_raise(self):
        """Open a draft of the difference, which is nothing so far."""
        self.ensure_one()
        if not self.env.user.has_group(ACCOUNTANT):
            raise AccessError(self.env._("Only accountants correct invoices."))
        if not self.service_can_raise:
            raise UserError(
                self.env._(
                    "Only posted customer invoices can be raised, and corrections not: "
                    "raise the first invoice."
                )
            )
        draft = self.with_context(**RAISE.opened).create(self._raise_values())
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    def _raise_values(self):
        return {
            "move_type": "out_invoice",
            "service_raised_id": self.id,
            "partner_id": self.partner_id.id,
            "partner_shipping_id": self.partner_shipping_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "currency_id": self.currency_id.id,
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "invoice_payment_term_id": self.invoice_payment_term_id.id,
            "invoice_user_id": self.invoice_user_id.id,
            "partner_bank_id": self.partner_bank_id.id,
            # It was wrong from the start, so it belongs to the month of the invoice.
            "taxable_supply_date": self.taxable_supply_date,
            "service_correction_type": "1",
            "invoice_line_ids": [
                Command.create(
                    {
                        "service_raised_line_id": line.id,
                        "product_id": line.product_id.id,
                        "name": line.name,
                        "product_uom_id": line.product_uom_id.id,
                        "quantity": 0,
                        "price_unit": line.price_unit,
                        "discount": line.discount,
                        "tax_ids": [Command.set(line.tax_ids.ids)],
                    }
                )
                for line in self._service_product_lines()
            ],
        }

    def _post(self, soft=True):
        for move in self.filtered("service_raised_id"):
            move._check_raise()
            move.invoice_line_ids.filtered(
                lambda line: (
                    line.display_type == "product"
                    and float_is_zero(line.quantity, precision_digits=6)
                )
            ).unlink()
        return super()._post(soft)

    def _check_raise(self):
        original = self.service_raised_id
        if original.state != "posted" or self.currency_id != original.currency_id:
            raise UserError(
                self.env._(
                    "Only a posted invoice can be raised, and in its own currency: "
                    "delete this draft.",
                )
            )
        if self.currency_id.compare_amounts(self.amount_total, 0) <= 0:
            raise UserError(
                self.env._(
                    "This adds nothing to %s. Enter the difference as the quantity of "
                    "a line, or make a credit note of what is to be lowered.",
                    original.display_name,
                )
            )

    def _corrects(self):
        """The invoice that a correction is about, up or down; none for others."""
        return self.service_raised_id or super()._corrects()

    def _is_correction(self):
        return bool(self.service_raised_id) or super()._is_correction()

    def _served(self):
        return self.service_raised_id or super()._served()

    def _left_in_all(self):
        raised = self.service_raise_ids.filtered(lambda one: one.state == "posted")
        return super()._left_in_all() + sum(raised.mapped("amount_total"))

    def _reverse_moves(self, default_values_list=None, cancel=False):
        if raising := self.filtered("service_raised_id"):
            raise UserError(
                self.env._(
                    "%(correction)s is a correction itself. Make a credit note of "
                    "%(invoice)s, which it raised.",
                    correction=raising[0].display_name,
                    invoice=raising[0].service_raised_id.display_name,
                )
            )
        return super()._reverse_moves(default_values_list, cancel)

    def _check_left_to_credit(self):
        if not self.service_raise_ids:
            return super()._check_left_to_credit()
        return None  # What was added is written on the credit note by hand.
