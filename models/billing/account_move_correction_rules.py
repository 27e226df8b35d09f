from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, formatLang

from ...tools.correction import raises


class AccountMove(models.Model):
    """What credit notes of service invoices, and those they correct, may not do."""

    _inherit = "account.move"

    def _check_corrections(self):
        """Refuse credit notes that name no original, or take instead of give back."""
        self._check_original_named()
        self._post_credits_in_turn()
        for move in self:
            if move.move_type == "out_refund" and move.service_corrected_id:
                move._check_original_posted()
                move._check_gives_back()
                if problems := move._too_much_credited(posting=self):
                    raise UserError("\n".join(problems))
            elif credits := move.line_ids.service_credit_line_id.move_id.filtered(
                lambda note: note.state != "posted"
            ):
                raise UserError(
                    self.env._(
                        "Post the credit note %(note)s first: %(invoice)s bills "
                        "again what it credits.",
                        note=credits[0].display_name,
                        invoice=move.display_name,
                    )
                )

    def _check_original_named(self):
        nameless = self.filtered(
            lambda move: move.move_type == "out_refund" and not move.reversed_entry_id
        )
        billed = self.env["service.billing"]._billed_products(nameless)
        for move in nameless:
            lines = move.invoice_line_ids
            if (
                move.service_contract_id
                or lines.service_package_id
                or billed.get(move.company_id.id, set()).intersection(
                    lines.product_id.ids
                )
            ):
                raise UserError(
                    self.env._(
                        "A credit note for services must refer to the invoice it "
                        "corrects. Open that invoice and press “Credit Note” there."
                    )
                )

    def _check_original_posted(self):
        original = self.reversed_entry_id
        if original.state != "posted":
            raise UserError(
                self.env._(
                    "%s is no longer posted, so there is nothing to credit. Delete "
                    "this credit note.",
                    original.display_name,
                )
            )

    def _check_left_to_credit(self):
        lines = self.invoice_line_ids.filtered(lambda line: line.quantity)
        if lines and not any(line._left_to_credit().quantity for line in lines):
            raise UserError(
                self.env._("%s is credited in full already.", self.display_name)
            )

    def _check_gives_back(self):
        lines = self.invoice_line_ids.filtered("service_origin_line_id")
        if self.amount_total < 0 or any(
            raises(line.service_origin_line_id._as_corrected(), line._as_corrected())
            for line in lines
        ):
            raise UserError(
                self.env._(
                    "A credit note only lowers an invoice. To raise it, credit %s in "
                    "full with “Reverse and Create Invoice” and correct the new "
                    "invoice.",
                    self.reversed_entry_id.display_name,
                )
            )

    def _post_credits_in_turn(self):
        """Have whoever posts another credit note of the same invoice begin again.

        Each would see the other's as a draft, and both would credit what is left.
        """
        if originals := self.reversed_entry_id:
            originals.flush_recordset()
            self.env.cr.execute(
                SQL(
                    "UPDATE account_move SET write_date = write_date WHERE id IN %s",
                    tuple(originals.ids),
                )
            )

    def _too_much_credited(self, posting=None):
        """Sentences on what this credit note takes off its original beyond its rest.

        :param posting: notes that are posted together with this one
        """
        self.ensure_one()
        original = self.reversed_entry_id
        notes = self | (posting or self)
        if not original or self.move_type != "out_refund":
            return []
        if self.currency_id != original.currency_id:
            return [
                self.env._(
                    "%(invoice)s is in %(currency)s: its credit note is as well.",
                    invoice=original.display_name,
                    currency=original.currency_id.name,
                )
            ]
        lines = self.invoice_line_ids.service_origin_line_id
        over = lines.filtered(lambda line: line._is_overdrawn(notes))
        if over:
            return [self._overdrawn_label(line, notes) for line in over]
        return self._too_much_in_all(notes)

    def _overdrawn_label(self, line, notes):
        left = line._left_to_credit(but=notes)
        return self.env._(
            "“%(line)s” on %(invoice)s: only %(quantity)s %(unit)s and %(amount)s net "
            "are left to be credited.",
            line=line._service_label(),
            invoice=line.move_id.display_name,
            quantity=formatLang(self.env, max(0.0, left.quantity), digits=2),
            unit=line.product_uom_id.name or "",
            amount=formatLang(
                self.env, max(0.0, left.amount), currency_obj=line.currency_id
            ),
        )

    def _too_much_in_all(self, notes):
        """Lines that were written by hand have no original, so the sums count too."""
        original = self.reversed_entry_id
        others = original.reversal_move_ids.filtered(
            lambda note: note.state == "posted" or note in notes
        )
        currency = original.currency_id
        credited = sum((others - self).mapped("amount_total"))
        left = original._left_in_all() - credited
        if currency.compare_amounts(self.amount_total, left) <= 0:
            return []
        return [
            self.env._(
                "Of %(invoice)s only %(left)s is left to be credited, and this credits "
                "%(amount)s.",
                invoice=original.display_name,
                left=formatLang(self.env, max(0.0, left), currency_obj=currency),
                amount=formatLang(self.env, self.amount_total, currency_obj=currency),
            )
        ]

    def _check_not_corrected(self):
        for move in self.filtered(lambda move: move.move_type == "out_invoice"):
            # sudo: its credit notes stand, visible or not
            notes = move.sudo().reversal_move_ids.filtered(
                lambda note: note.state == "posted" and note.service_corrected_id
            )
            if notes:
                raise UserError(
                    self.env._(
                        "%(invoice)s has been corrected by %(note)s and can no "
                        "longer change. To correct it again, create another credit "
                        "note.",
                        invoice=move.display_name,
                        note=notes[0].display_name,
                    )
                )

    def _check_not_billed_again(self):
        # sudo: the invoice that bills again stands, visible or not
        for note in self.sudo():
            if again := note.line_ids._billed_again_on().move_id - self.sudo():
                raise UserError(
                    self.env._(
                        "What %(note)s credited is billed again by %(invoice)s. "
                        "Delete or credit that invoice instead.",
                        note=note.display_name,
                        invoice=again[0].display_name,
                    )
                )

    def _check_billed_again_once(self):
        """Refuse to revive an invoice when another one bills the same again."""
        for move in self.sudo().filtered(lambda move: move.state == "cancel"):
            if again := move.line_ids.service_credit_line_id._billed_again_on().move_id:
                raise UserError(
                    self.env._(
                        "%(cancelled)s was cancelled, and %(invoice)s now bills "
                        "the same items.",
                        invoice=again[0].display_name,
                        cancelled=move.display_name,
                    )
                )
