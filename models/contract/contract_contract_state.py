from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ...tools.groups import ACCOUNTANT
from ...tools.guard import Guard, Seal

_lt = LazyTranslate(__name__)
NUMBERS = "helpdesk_service_contract.contract"
STATES = [("draft", "Draft"), ("sent", "Sent to the Customer"), ("agreed", "Agreed")]
AGREEING = Seal("agreeing")
AGREED = Guard(
    frozenset({"service_state"}),
    AGREEING,
    message=_lt(
        "A contract is sent, put in force and taken back with the buttons of its form."
    ),
)


class ContractContract(models.Model):
    """From a draft to a contract that both sides have agreed on.

    A draft serves no ticket, grants no hours, is not billed and may be deleted. What
    was agreed is in force from its start to its end.
    """

    _inherit = "contract.contract"

    # What a program or a spreadsheet brings was agreed on elsewhere.
    service_state = fields.Selection(
        STATES,
        string="State",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        default=lambda self: (
            "draft" if self.env.context.get("service_contract") else "agreed"
        ),
        help="A contract that has not been agreed on serves no ticket, grants no hours "
        "and is not billed.",
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), AGREED)

    @api.model
    def _agreed_domain(self):
        """What ``_is_agreed`` finds."""
        return Domain("service_state", "=", "agreed")

    def _is_agreed(self):
        self.ensure_one()
        return self.service_state == "agreed"

    def action_mark_sent(self):
        """Remember that the customer has it to read and to sign."""
        self._set_service_state("sent")

    def action_put_in_force(self):
        """Both sides have agreed: it is in force from its start on."""
        drafts = self.filtered(lambda contract: not contract._is_agreed())
        for contract in drafts:
            if not contract.service_tier_id:
                raise UserError(
                    self.env._("Choose the tier of “%s” first.", contract.display_name)
                )
            contract._number()
        drafts._set_service_state("agreed")

    def action_back_to_draft(self):
        """Take back what was put in force by mistake."""
        self._check_nothing_happened()
        self._set_service_state("draft")

    def _set_service_state(self, state):
        self.check_access("write")
        self.with_context(**AGREEING.opened).service_state = state

    def _check_nothing_happened(self):
        """Hook: nothing was served, granted or billed under these contracts."""

    def _check_agreed(self):
        """Refuse to sell or bill under what is not agreed on yet."""
        for contract in self:
            if contract.service_tier_id and not contract._is_agreed():
                raise UserError(
                    self.env._(
                        "The contract “%s” is not in force yet. Put it in force first.",
                        contract.display_name,
                    )
                )

    def _number(self):
        """Give the contract the next number of its company, if it has none."""
        self.ensure_one()
        if (self.code or "").strip():
            return
        # sudo: who makes contracts need not manage sequences
        sequence = self.company_id.sudo()._sequence_of_contracts()
        given = self.sudo().with_context(active_test=False)
        code = None
        while not code or given.search_count(
            [("company_id", "=", self.company_id.id), ("code", "=", code)], limit=1
        ):
            code = sequence.next_by_id(sequence_date=self.date_start)
        self.code = code

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        """Back office deletes its drafts, and nothing else."""
        if self.env.su or self.env.user.has_group(ACCOUNTANT):
            return
        for contract in self:
            if not contract.service_tier_id or contract._is_agreed():
                raise UserError(
                    self.env._(
                        "The contract “%s” is no draft, so it is kept. Set its end "
                        "date instead.",
                        contract.display_name,
                    )
                )
