import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.duration import to_minutes
from ...tools.groups import MANAGER
from ...tools.guard import Guard, Seal

OPENING = Seal("opening")
ENTERED = Guard(frozenset({"package_id"}), OPENING)
# “1:20”, as people write it, and “01:20:00”, as a spreadsheet hands it over.
CLOCK = re.compile(r"(\d+):([0-5]\d)(:00)?")


class ServiceOpening(models.Model):
    """Hours that a customer brought along when the company began to count here.

    Each becomes a package that nothing bills: its grant, and what was used of it
    elsewhere, both in the ledger.
    """

    _name = "service.opening"
    _inherit = "service.guarded"
    _description = "Opening Balance"
    _order = "id desc"
    _rec_name = "contract_id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain="[('service_tier_id', '!=', False)]",
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    date_from = fields.Date(string="Valid From", required=True)
    months = fields.Integer(string="Valid For (Months)", required=True, default=1)
    opening_hours = fields.Char(
        string="Hours", required=True, help="What was granted or sold: 2:00, or 10."
    )
    opening_used = fields.Char(
        string="Hours Used", help="What was used of it before: 1:20."
    )
    reason = fields.Char(
        required=True,
        default=lambda self: self.env._("Opening balance"),
        help="It stands in the ledger for good.",
    )
    package_id = fields.Many2one(
        "service.hour.package", readonly=True, ondelete="restrict", index=True
    )

    @api.model
    def _guards(self):
        return (*super()._guards(), ENTERED)

    @api.model
    def get_import_templates(self):
        return self.env["service.import"]._templates(
            "openings", self.env._("Template for Opening Balances")
        )

    @api.model
    def load(self, fields, data):
        return self.env["service.import"]._rows_told(super().load(fields, data))

    @api.model_create_multi
    def create(self, vals_list):
        """Grant the hours, and take away what was used of them."""
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._("Only service managers enter opening balances.")
            )
        openings = super().create(vals_list)
        for opening in openings:
            opening._enter()
        return openings

    def _enter(self):
        self.ensure_one()
        contract = self.contract_id
        granted = self._minutes(self.opening_hours)
        used = self._minutes(self.opening_used or "0")
        if used > granted or not granted:
            raise ValidationError(
                self.env._(
                    "%(contract)s: %(used)s of %(hours)s hours cannot be used. Enter "
                    "the hours that were granted, and no more used than those.",
                    contract=contract.display_name,
                    used=self.opening_used or "0",
                    hours=self.opening_hours,
                )
            )
        if not contract.service_tier_id:
            raise ValidationError(
                self.env._(
                    "“%s” has no tier, so it holds no hours. Choose a service "
                    "contract.",
                    contract.display_name,
                )
            )
        # sudo: only the ledger writes packages; the manager's right is checked above
        packages = self.env["service.hour.package"].sudo()
        package = packages.with_company(self.company_id)._sell(
            [
                {
                    "contract_id": contract.id,
                    "company_id": self.company_id.id,
                    "commercial_partner_id": contract.commercial_partner_id.id,
                    "currency_id": contract.currency_id.id,
                    "date_from": self.date_from,
                    "months": self.months,
                    "sold_minutes": granted,
                    "usable": "at_once",
                }
            ]
        )
        if used:
            package._adjust(-used, self.reason)
        self.sudo().with_context(**OPENING.opened).package_id = package

    def _minutes(self, text):
        """The minutes of hours as they are typed: “1:20”, “1,5” or “10”."""
        text = text.strip()
        if clock := CLOCK.fullmatch(text):
            return int(clock[1]) * 60 + int(clock[2])
        try:
            hours = float(text.replace(",", "."))
        except ValueError:
            hours = -1
        if not 0 <= hours < 10000:
            raise UserError(
                self.env._("“%s” are no hours. Write them as 1:20, or 1.5.", text)
            )
        return to_minutes(hours)
