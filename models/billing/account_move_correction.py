from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_is_zero

from ...tools.groups import ACCOUNTANT, BACK_OFFICE
from ...tools.guard import Guard
from .account_move_line import BILLING, BY_BILLING, REBILLING

DECIDERS = (
    BACK_OFFICE,
    ACCOUNTANT,
)
CORRECTED = Guard(
    frozenset({"service_bill_again", "service_corrected_id"}),
    BILLING,
    message=BY_BILLING,
)


class AccountMove(models.Model):
    """Credit notes of service invoices, and the invoices that bill again.

    The work stays settled; a credit note gives back what its lines bill. Each of these
    lines is billed again by one line of one invoice at most, whoever repeats what.
    """

    _inherit = "account.move"

    service_corrected_id = fields.Many2one(
        "account.move",
        string="Corrected Invoice",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="The first invoice that this credit note or new invoice corrects.",
    )
    service_correction_ids = fields.One2many(
        "account.move", "service_corrected_id", string="Corrections"
    )
    service_bill_again = fields.Boolean(
        string="To Bill Again",
        readonly=True,
        copy=False,
        help="The next billing run will bill again what this credit note credited.",
    )
    service_can_bill_again = fields.Boolean(compute="_compute_service_can_bill_again")

    @api.depends("state", "line_ids.service_again_line_ids.parent_state")
    def _compute_service_can_bill_again(self):
        for move in self:
            move.service_can_bill_again = bool(
                move.service_corrected_id and move.line_ids._left_to_bill_again()
            )

    @api.model
    def _guards(self):
        return (*super()._guards(), CORRECTED)

    def _corrects(self):
        """The invoice that a correction is about; none for others."""
        return self.reversed_entry_id

    def _is_correction(self):
        return self.move_type == "out_refund"

    def _left_in_all(self):
        """What can be credited of the invoice as long as nothing was: its total."""
        return self.amount_total

    def _bills_service(self):
        return super()._bills_service() or bool(self.service_corrected_id)

    def _is_service_invoice(self):
        """Whether customers are billed for service contracts or packages by it."""
        self.ensure_one()
        return self.move_type == "out_invoice" and bool(
            self.service_contract_id or self.line_ids.service_package_id
        )

    def _service_settlements(self):
        """The settlements behind the invoice, or behind the one that it corrects."""
        return self.settlement_ids | self.service_corrected_id.settlement_ids

    def _service_checksums(self):
        """Of the papers that explain the invoice: its own, or those it copied."""
        settlements = self._service_settlements()
        papers = settlements.statement_id | settlements.sla_report_id
        return set(papers.mapped("checksum"))

    def _correction_values(self):
        """Values that a credit note or new invoice takes from this invoice."""
        self.ensure_one()
        return {
            "service_contract_id": self.service_contract_id.id,
            "service_order_ref": self.service_order_ref,
            "service_period_from": self.service_period_from,
            "service_period_to": self.service_period_to,
            "service_corrected_id": (self.service_corrected_id or self).id,
        }

    def _billed_again_values(self):
        """Values of the invoice that bills again, beside those of a copy."""
        return self._correction_values()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        if notes := self.filtered(
            lambda move: move.move_type == "out_refund" and move.service_corrected_id
        ):
            raise UserError(
                self.env._(
                    "A credit note cannot be corrected by another credit note. "
                    "Instead, bill again what %s credited.",
                    notes[0].display_name,
                )
            )
        defaults = default_values_list or [{} for _move in self]
        for move, values in zip(self, defaults, strict=True):
            if move._is_service_invoice():
                move._check_left_to_credit()
                values.update(move._correction_values())
        reversing = self.with_context(**BILLING.opened)
        notes = super(AccountMove, reversing)._reverse_moves(defaults, cancel)
        return notes.with_env(self.env)

    def copy_data(self, default=None):
        """Lines of which nothing is left are not on another correction."""
        vals_list = super().copy_data(default)
        for vals in vals_list:
            vals["line_ids"] = [
                command
                for command in vals.get("line_ids", ())
                if not (
                    command[2].get("service_origin_line_id")
                    and float_is_zero(command[2]["quantity"], precision_digits=6)
                )
            ]
        return vals_list

    def _post(self, soft=True):
        self._check_corrections()
        posted = super()._post(soft)
        # sudo: the statement is part of the invoice for anyone who may post it
        for move in posted.sudo().filtered("service_corrected_id"):
            if move.move_type == "out_invoice":
                move._service_settlements()._attach_copies(move)
        return posted

    def button_draft(self):
        self._check_not_corrected()
        self._check_not_billed_again()
        self._check_billed_again_once()
        revived = self.filtered(lambda move: move.state == "cancel")
        result = super().button_draft()
        revived._notes_billed_again()._set_bill_again(wanted=False)
        return result

    def button_cancel(self):
        self._check_not_billed_again()
        notes = self._notes_billed_again()
        result = super().button_cancel()
        notes._set_bill_again(wanted=True)
        return result

    def unlink(self):
        self._check_not_billed_again()
        notes = self._notes_billed_again() - self
        result = super().unlink()
        notes._set_bill_again(wanted=True)
        return result

    def _notes_billed_again(self):
        """The credit notes that these invoices bill again.

        With the rights to keep in step with them what is still to be billed.
        """
        # sudo: the user who may drop an invoice gives back what it bills
        again = self.sudo().line_ids.filtered(
            lambda line: line.parent_state != "cancel"
        )
        return again.service_credit_line_id.move_id

    def _sync_hour_packages(self):
        # While an invoice is replaced, its package is between two invoices.
        if REBILLING.is_open(self.env.context):
            return None
        return super()._sync_hour_packages()

    def _set_bill_again(self, *, wanted):
        self.with_context(**BILLING.opened).service_bill_again = wanted

    def action_bill_again(self):
        """Have the next billing run bill what this credit note gave back."""
        for note in self._decide_on_notes():
            if not note.line_ids._left_to_bill_again():
                again = note.line_ids._billed_again_on().move_id
                raise UserError(
                    self.env._(
                        "What %(note)s credited is billed again by %(invoice)s.",
                        note=note.display_name,
                        invoice=again[:1].display_name or "–",
                    )
                )
            note._set_bill_again(wanted=True)
            note.message_post(body=self.env._("Will be billed again."))

    def action_do_not_bill_again(self):
        """Have nothing more billed of what this credit note gave back."""
        for note in self._decide_on_notes():
            if not note.service_bill_again:
                raise UserError(
                    self.env._(
                        "%s is not waiting to be billed again. To undo what has "
                        "already been billed again, correct that invoice.",
                        note.display_name,
                    )
                )
            note._set_bill_again(wanted=False)
            note.message_post(body=self.env._("Will not be billed again."))

    def _decide_on_notes(self):
        if not any(self.env.user.has_group(group) for group in DECIDERS):
            raise AccessError(
                self.env._(
                    "Only back office and accountants can decide what is billed again."
                )
            )
        self.check_access("read")
        for note in self:
            if note.move_type != "out_refund" or note.state != "posted":
                raise UserError(
                    self.env._("Only posted credit notes can be billed again.")
                )
        # sudo: back office decides on what is billed but may write no invoice
        return self.sudo()
