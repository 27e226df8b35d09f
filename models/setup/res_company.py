from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ...tools.groups import MANAGER
from ..company.res_company_missing import Missing

_lt = LazyTranslate(__name__)


class Step(NamedTuple):
    """A step of the set-up. An optional one may be left out for good."""

    key: str
    name: str
    optional: bool = False


STEPS = (
    Step("company", _lt("Company")),
    Step("hours", _lt("Working Hours")),
    Step("offers", _lt("Offers")),
    Step("prices", _lt("Prices")),
    Step("people", _lt("People")),
    Step("mailbox", _lt("Mailbox"), optional=True),
    Step("terms", _lt("Terms of Service"), optional=True),
    Step("trial", _lt("Trial"), optional=True),
)
OPTIONAL = frozenset(step.key for step in STEPS if step.optional)


class ResCompany(models.Model):
    """How far the company is set up: each step is done once nothing of it lacks."""

    _inherit = "res.company"

    service_setup_opened = fields.Boolean(
        copy=False, help="A manager has seen the assistant."
    )
    service_setup_skipped = fields.Char(
        copy=False, help="Steps that the company does without, separated by commas."
    )

    def _skipped_steps(self):
        """Keys of the optional steps that the company does without."""
        return OPTIONAL & set((self.service_setup_skipped or "").split(","))

    def _setup_steps(self):
        """The steps in their order, and what each lacks, as plain values."""
        self.ensure_one()
        lacks = {}
        for missing in self._setup_missing():
            lacks.setdefault(missing.topic, {})[missing.sentence] = True
        skipped = self._skipped_steps()
        return [
            {
                "key": step.key,
                "name": self.env._(step.name),
                "optional": step.optional,
                "skipped": step.key in skipped,
                "done": step.key in skipped or step.key not in lacks,
                "missing": list(lacks.get(step.key, ())),
            }
            for step in STEPS
        ]

    def _setup_missing(self):
        """What is missing, prices without offers, and a first ticket, which shows that
        it all works."""
        for missing in self._missing():
            yield missing
            if missing.topic == "offers":
                sentence = self.env._("Choose offers first.")
                yield Missing(sentence, self, "prices")
        tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
        if not tickets.search_count([("company_id", "=", self.id)], limit=1):
            sentence = self.env._(
                "No ticket has been reported yet: try one, and see what is promised."
            )
            yield Missing(sentence, self, "trial")

    @api.model
    def service_setup_card(self):
        """The steps for the card on the manager's first screen; none once all are
        done, and none for others."""
        if not self.env.user.has_group(MANAGER):
            return []
        steps = self.env.company._setup_steps()
        return [] if all(step["done"] for step in steps) else steps

    @api.model
    def action_open_service(self):
        """The first screen: on a manager's first visit the assistant."""
        company = self.env.company
        if self.env.user.has_group(MANAGER) and not company.service_setup_opened:
            return company.action_open_setup()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_mgmt.helpdesk_ticket_dashboard_action"
        )

    @api.model
    def action_open_setup(self):
        """The assistant of the current company, where it was left."""
        return self.env.company._open_setup()

    def _open_setup(self, step=None):
        """Hook: the assistant, at a step or where it was left."""
