from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.groups import ACCOUNTANT, BACK_OFFICE, MANAGER, TECHNICIAN

# A Polish account number as people write it, without its country.
POLISH_DIGITS = 26


class ServiceSetup(models.TransientModel):
    """The steps about the company: what invoices say of it, its hours, its people, its
    mailbox and its terms."""

    _inherit = "service.setup"

    company_name = fields.Char(related="company_id.name", string="Company Name")
    vat = fields.Char(related="company_id.vat", readonly=False)
    street = fields.Char(related="company_id.street", readonly=False)
    zip = fields.Char(related="company_id.zip", readonly=False)
    city = fields.Char(related="company_id.city", readonly=False)
    country_id = fields.Many2one(related="company_id.country_id", readonly=False)
    email = fields.Char(related="company_id.email", readonly=False)
    bank_account = fields.Char(
        compute="_compute_bank_account", inverse="_inverse_bank_account"
    )
    calendar_ids = fields.Many2many(
        "resource.calendar", string="Working Hours", compute="_compute_hours"
    )
    holiday_ids = fields.Many2many(
        "resource.calendar.leaves", string="Days Off", compute="_compute_hours"
    )
    staff = fields.Html(compute="_compute_staff", sanitize=False)
    without_employee = fields.Boolean(compute="_compute_staff")
    team_id = fields.Many2one(
        related="company_id.service_team_id", string="Team for New Tickets"
    )
    team_user_ids = fields.Many2many(
        related="company_id.service_team_id.user_ids",
        string="Members",
        readonly=False,
    )
    alias_name = fields.Char(
        related="company_id.service_team_id.alias_name",
        string="Address",
        readonly=False,
    )
    alias_domain = fields.Char(
        related="company_id.alias_domain_id.name", string="E-Mail Domain"
    )
    terms_ids = fields.Many2many(
        "service.terms", string="Terms and Price Lists", compute="_compute_terms_ids"
    )

    @api.depends("company_id.partner_id.bank_ids.acc_number")
    def _compute_bank_account(self):
        for setup in self:
            accounts = setup.company_id.partner_id.bank_ids
            setup.bank_account = accounts[:1].acc_number

    def _inverse_bank_account(self):
        for setup in self:
            account = setup.company_id.partner_id.bank_ids[:1]
            number = setup._checked_account()
            if number == account.acc_number:
                continue
            if not number:
                account.unlink()
            elif account:
                account.acc_number = number
            else:
                account.create(
                    {
                        "acc_number": number,
                        "partner_id": setup.company_id.partner_id.id,
                    }
                )

    def _checked_account(self):
        """The number as it is kept; one of Poland without its country gets it."""
        number = "".join((self.bank_account or "").split())
        if not self.company_id._is_polish() or not number:
            return self.bank_account
        if number.isdecimal() and len(number) == POLISH_DIGITS:
            number = f"PL{number}"
        accounts = self.env["res.partner.bank"]
        if accounts.retrieve_acc_type(number) != "iban":
            raise UserError(
                self.env._(
                    "“%s” is no account number: a Polish one has 26 digits. Look for "
                    "a digit that is missing or mistyped.",
                    self.bank_account,
                )
            )
        return number

    @api.depends("company_id", "step")
    def _compute_hours(self):
        calendars = self.env["resource.calendar"]
        leaves = self.env["resource.calendar.leaves"]
        for setup in self:
            own = [("company_id", "=", setup.company_id.id)]
            setup.calendar_ids = calendars.search(own)
            year = setup.company_id._service_day().year
            setup.holiday_ids = leaves.search(
                [
                    *own,
                    ("resource_id", "=", False),
                    ("date_from", ">=", f"{year}-01-01"),
                    ("date_from", "<=", f"{year}-12-31"),
                ],
                order="date_from",
            )

    def action_load_holidays(self):
        return self.company_id.action_load_public_holidays()

    @api.depends("company_id", "step")
    @api.depends_context("lang")
    def _compute_staff(self):
        roles = [
            (self.env._("Service manager"), MANAGER),
            (self.env._("Back office"), BACK_OFFICE),
            (self.env._("Technician"), TECHNICIAN),
            (self.env._("Accountant"), ACCOUNTANT),
        ]
        for setup in self:
            company = setup.company_id
            rows = [
                (name, ", ".join(company._staff(group).mapped("name")))
                for name, group in roles
            ]
            setup.staff = self.env["ir.qweb"]._render(
                "helpdesk_service_contract.setup_staff", {"rows": rows}
            )
            setup.without_employee = bool(company._without_employee())

    def action_create_employees(self):
        self.company_id._create_missing_employees()

    @api.depends("company_id", "step")
    def _compute_terms_ids(self):
        for setup in self:
            setup.terms_ids = setup.company_id._terms()

    def action_draft_terms(self):
        self.company_id._draft_terms()

    def action_try_ticket(self):
        """A ticket of the company's own, to see what happens."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Trial Ticket"),
            "res_model": "helpdesk.ticket",
            "views": [(False, "form")],
            "context": {
                "default_name": self.env._("Trial: the printer does not print"),
                "default_description": self.env._("A report to try things out."),
                "default_partner_id": self.company_id.partner_id.id,
            },
        }

    def action_first_contract(self):
        """A new contract; from the offer, where there is but one."""
        offers = self.env["contract.template"].search(
            [("company_id", "=", self.company_id.id), ("service_tier_id", "!=", False)]
        )
        return offers[: len(offers) == 1]._new_contract_action()
