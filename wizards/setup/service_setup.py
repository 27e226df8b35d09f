from odoo import api, fields, models

from ...models.setup.res_company import OPTIONAL, STEPS


class ServiceSetup(models.TransientModel):
    """The assistant: from an empty company to its first contract, step by step.

    It keeps nothing but where it was left and what was chosen. What is done is asked
    of the company each time, so it may be left, opened again and repeated.
    """

    _name = "service.setup"
    _inherit = "service.dialog"
    _inherits = {"service.offer.setup": "offers_id"}
    _description = "Set-Up"
    _about = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    offers_id = fields.Many2one(
        "service.offer.setup", required=True, ondelete="cascade", index=True
    )
    step = fields.Selection(
        selection=lambda self: [(step.key, self.env._(step.name)) for step in STEPS],
        required=True,
        default=STEPS[0].key,
    )
    steps = fields.Json(compute="_compute_steps")
    missing = fields.Text(compute="_compute_steps")
    is_done = fields.Boolean(compute="_compute_steps")
    is_optional = fields.Boolean(compute="_compute_steps")
    is_skipped = fields.Boolean(compute="_compute_steps")
    is_first = fields.Boolean(compute="_compute_steps")
    is_last = fields.Boolean(compute="_compute_steps")

    @api.depends("step", "company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Set-Up")

    @api.depends("step", "company_id")
    @api.depends_context("lang")
    def _compute_steps(self):
        for setup in self:
            setup.steps = setup.company_id._setup_steps()
            current = next(one for one in setup.steps if one["key"] == setup.step)
            setup.missing = "\n".join(current["missing"])
            setup.is_done = current["done"]
            setup.is_optional = setup.step in OPTIONAL
            setup.is_skipped = current["skipped"]
            setup.is_first = setup.step == STEPS[0].key
            setup.is_last = setup.step == STEPS[-1].key

    @api.model
    def _of(self, company):
        """The user's assistant of a company, if it was opened of late."""
        return self.search(
            [("create_uid", "=", self.env.uid), ("company_id", "=", company.id)],
            limit=1,
        )

    @api.model
    def _begin(self, company):
        """A new one, at the first step that is not done."""
        steps = company._setup_steps()
        first = next((step["key"] for step in steps if not step["done"]), "trial")
        return self.create({"company_id": company.id, "step": first})

    def action_next(self):
        """What the step makes is made on the way out of it."""
        self.ensure_one()
        if self.step == "prices" and self._new_ones():
            self.offers_id.action_make()
        self._move(1)

    def action_back(self):
        self._move(-1)

    def _move(self, by):
        keys = [step.key for step in STEPS]
        self.step = keys[max(0, min(keys.index(self.step) + by, len(keys) - 1))]

    def action_skip(self):
        """The company does without this step."""
        self._skip(self.company_id._skipped_steps() | {self.step})
        self._move(1)

    def action_unskip(self):
        self._skip(self.company_id._skipped_steps() - {self.step})

    def _skip(self, keys):
        self.company_id.service_setup_skipped = ",".join(sorted(keys))

    def _new_ones(self):
        return self.offers_id._new_ones()


class ResCompany(models.Model):
    _inherit = "res.company"

    def _open_setup(self, step=None):
        setups = self.env["service.setup"]
        setup = setups._of(self) or setups._begin(self)
        if step:
            setup.step = step
        if not self.service_setup_opened:
            self.service_setup_opened = True
        view = self.env.ref("helpdesk_service_contract.service_setup_view_form")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set-Up"),
            "res_model": setup._name,
            "res_id": setup.id,
            "views": [(view.id, "form")],
        }
