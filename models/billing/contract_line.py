from markupsafe import escape

from odoo import api, fields, models
from odoo.tools import LazyTranslate, format_date

from ...tools.groups import ACCOUNTANT
from ...tools.guard import Guard
from ...tools.proration import portion
from .account_move_line import BILLING

_lt = LazyTranslate(__name__)
BILLED = Guard(
    frozenset({"last_date_invoiced"}),
    BILLING,
    message=_lt(
        "Until when a fee is billed follows from its invoices. Cancel or credit the "
        "invoice instead."
    ),
)


class ContractLine(models.Model):
    """Fees that were billed ahead for days on which they are no longer due.

    A posted invoice stays as it is, so a person has to issue the credit note.
    """

    _inherit = "contract.line"

    @api.model
    def _guards(self):
        return (*super()._guards(), BILLED)

    def _update_last_date_invoiced(self):
        """OCA contract bills what is no service contract, and notes it here."""
        billing = self.with_context(**BILLING.opened)
        return super(ContractLine, billing)._update_last_date_invoiced()

    @api.model_create_multi
    def create(self, vals_list):
        given = {vals.get("contract_id") for vals in vals_list} - {None, False}
        contracts = self.env["contract.contract"].browse(given)
        lines = self if contracts.service_tier_id else self._billed_elsewhere()
        return super(ContractLine, lines).create(vals_list)

    def write(self, vals):
        ends = {line: line.date_end for line in self}
        stays = "contract_id" not in vals
        other = stays and not self.contract_id.service_tier_id
        lines = self._billed_elsewhere() if other else self
        result = super(ContractLine, lines).write(vals)
        if "date_end" in vals:
            for line in self._of_service():
                line._tell_what_was_billed_ahead(ends[line])
        return result

    def _billed_elsewhere(self):
        """Lines of what is no service contract: OCA contract bills them, and others."""
        return self.with_context(**BILLING.opened)

    def _tell_what_was_billed_ahead(self, end_before):
        """Say what to credit when a fee ends before what is billed, and when such an
        end is taken back.
        """
        self.ensure_one()
        billed = self.last_date_invoiced
        if not billed or self.recurring_invoicing_type != "pre-paid":
            return
        end = self.date_end
        if end and end < billed:
            self._ask_for_a_credit_note(end)
        elif end_before and end_before < billed:
            self.contract_id.message_post(
                body=self.env._(
                    "The fee “%(fee)s” continues after %(end)s. It has already "
                    "been billed until %(billed)s, and these days will not be "
                    "billed again. If they were credited, bill them manually.",
                    fee=self.name,
                    end=self._day_label(end_before),
                    billed=self._day_label(billed),
                )
            )

    def _ask_for_a_credit_note(self, end):
        contract = self.contract_id
        amount = self._billed_after(end)
        if contract.currency_id.is_zero(amount):
            return
        summary = self.env._("Credit a fee billed in advance")
        note = self.env._(
            "The fee “%(fee)s” ends on %(end)s but has been billed until "
            "%(billed)s. Credit %(amount)s net for the days after its end.",
            fee=self.name,
            end=self._day_label(end),
            billed=self._day_label(self.last_date_invoiced),
            amount=contract.currency_id.format(amount),
        )
        contract.activity_ids.filtered(
            lambda todo: todo.summary == summary and escape(self.name) in todo.note
        ).unlink()
        contract.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=escape(note),
            user_id=contract.company_id._responsible(
                ACCOUNTANT, contract.user_id, self.env.user
            ).id,
        )

    def _day_label(self, day):
        return format_date(self.env, day)

    def _billed_after(self, end):
        """Net amount of what invoices hold for days after ``end``.

        Taken from the invoices, as the price may have changed since.
        """
        if not self.contract_id.prorate_fees:
            return 0.0
        # sudo: back office ends contracts, but has no rights on invoices
        lines = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("contract_line_id", "=", self.id),
                    ("service_period_to", ">", end),
                    "|",
                    ("parent_state", "=", "posted"),
                    ("move_id.move_type", "=", "out_invoice"),
                    ("parent_state", "!=", "cancel"),
                    ("move_id.move_type", "in", ("out_invoice", "out_refund")),
                ]
            )
        )
        amount = 0.0
        recurrence = self._recurrence()
        for line in lines:
            first, last = line.service_period_from, line.service_period_to
            parts = recurrence.parts(first)
            after = max(first, fields.Date.add(end, days=1))
            of_line = portion(parts, first, last).fraction
            # What was credited already is not to be credited again.
            sign = 1 if line.move_id.move_type == "out_invoice" else -1
            amount += (
                sign
                * line.price_subtotal
                * float(portion(parts, after, last).fraction / of_line)
            )
        return self.contract_id.currency_id.round(max(0.0, amount))
