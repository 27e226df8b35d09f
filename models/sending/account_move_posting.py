import logging

from psycopg2 import OperationalError

from odoo import models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import formatLang

_logger = logging.getLogger(__name__)


class AccountMove(models.Model):
    """Posting without a person, where the contract allows it."""

    _inherit = "account.move"

    def _post_automatically(self):
        """Post and queue the drafts whose contract wants it; each for itself.

        Others of them stay as they are: those of contracts that leave it to a person
        are passed over, and those with a problem keep the reason in their chatter.

        :returns: (the posted invoices, {draft that was to be posted: why it was not})
        """
        posted = self.browse()
        problems = {}
        wanted = self.filtered(
            lambda move: (
                move.state == "draft"
                and move.move_type == "out_invoice"
                and move.service_contract_id.post_automatically
            )
        )
        for move in wanted:
            problem = move._automatic_posting_problem()
            if not problem:
                try:
                    with self.env.cr.savepoint():
                        # The day of issue is that of the company, whoever posts.
                        zone = move.company_id.sudo()._service_tz()
                        move.with_context(tz=zone).action_post()
                        move._queue_sending()
                    posted |= move
                    continue
                except OperationalError:
                    # The transaction has to be repeated as a whole.
                    raise
                except (UserError, RedirectWarning) as error:
                    problem = error.args[0]
                except Exception as error:  # noqa: BLE001 - the drafts are good ones
                    _logger.exception("%s was not posted", move.display_name)
                    problem = str(error)
            problems[move] = problem
            move.message_post(
                body=self.env._("Not posted automatically. %s", problem),
            )
        return posted, problems

    def _automatic_posting_problem(self):
        """Why a person should look before this draft is posted; empty if none need."""
        self.ensure_one()
        contract = self.service_contract_id
        if self.service_corrected_id:
            return self.env._("It bills credited items again, so check it first.")
        if self.currency_id != contract.currency_id:
            return self.env._(
                "Its currency differs from that of the contract, so the limit "
                "cannot be applied."
            )
        if self.currency_id.compare_amounts(self.amount_total, 0) <= 0:
            return self.env._("There is nothing to pay on it.")
        limit = contract.post_limit
        if self.currency_id.compare_amounts(self.amount_total, limit) > 0:
            return self.env._(
                "Its total of %(total)s exceeds the contract limit of %(limit)s.",
                total=formatLang(
                    self.env, self.amount_total, currency_obj=self.currency_id
                ),
                limit=formatLang(self.env, limit, currency_obj=self.currency_id),
            )
        return ""
