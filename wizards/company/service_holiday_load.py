from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

EARLIEST, LATEST = 2000, 2100
MOST_YEARS = 10


class ServiceHolidayLoad(models.TransientModel):
    """A manager loads public holidays, after a look at which days they are.

    The access rights of this dialog are the right to do so.
    """

    _name = "service.holiday.load"
    _description = "Load Public Holidays"

    def _default_year(self):
        return self.env.company.sudo()._service_day().year

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    country_id = fields.Many2one(
        "res.country",
        compute="_compute_country_id",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    subdivision = fields.Char(
        string="Region",
        compute="_compute_subdivision",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="The code of a region with its own holidays, such as BY for Bavaria in "
        "Germany. Poland has none.",
    )
    first_year = fields.Integer(
        required=True, default=lambda self: self._default_year()
    )
    last_year = fields.Integer(
        required=True, default=lambda self: self._default_year() + 1
    )
    day_ids = fields.One2many(
        "service.holiday.load.day",
        "load_id",
        string="Public Holidays",
        compute="_compute_day_ids",
        store=True,
    )
    problem = fields.Char(compute="_compute_day_ids", store=True)
    new_count = fields.Integer(compute="_compute_new_count")

    @api.depends("company_id")
    def _compute_country_id(self):
        for wizard in self:
            wizard.country_id = wizard.company_id.service_holiday_country_id

    @api.depends("company_id", "country_id")
    def _compute_subdivision(self):
        for wizard in self:
            company = wizard.company_id
            wizard.subdivision = (
                company.service_holiday_subdivision
                if wizard.country_id == company.service_holiday_country_id
                else False
            )

    @api.depends("company_id", "country_id", "subdivision", "first_year", "last_year")
    def _compute_day_ids(self):
        for wizard in self:
            names, wizard.problem = {}, False
            try:
                names = wizard._checked_company()._public_holidays(*wizard._wanted())
            except UserError as error:
                wizard.problem = str(error)
            there = wizard.company_id._days_off(names)
            wizard.day_ids = [Command.clear()] + [
                Command.create({"day": day, "name": name, "is_there": day in there})
                for day, name in names.items()
            ]

    @api.depends("day_ids.is_there")
    def _compute_new_count(self):
        for wizard in self:
            wizard.new_count = len(
                wizard.day_ids.filtered(lambda day: not day.is_there)
            )

    def action_load(self):
        """Load the days, show them, and say how many are new."""
        self.ensure_one()
        added = self._checked_company()._load_public_holidays(*self._wanted())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("Public holidays added: %s", len(added))
                if added
                else self.env._("All these days are already entered."),
                "type": "success" if added else "info",
                "next": self._show_days_off(),
            },
        }

    def _checked_company(self):
        """The company, if the user works in it: its time off is entered as sudo."""
        if self.company_id not in self.env.user.company_ids:
            raise AccessError(
                self.env._("Choose one of your own companies to load holidays for.")
            )
        return self.company_id

    def _wanted(self):
        """The years, the country and the region, as loading takes them."""
        first, last = self.first_year, self.last_year
        if not EARLIEST <= first <= last <= LATEST or last - first >= MOST_YEARS:
            raise UserError(
                self.env._(
                    "Choose a first and a last year between %(earliest)s and "
                    "%(latest)s, at most %(most)s years.",
                    earliest=EARLIEST,
                    latest=LATEST,
                    most=MOST_YEARS,
                )
            )
        return range(first, last + 1), self.country_id, self.subdivision

    def _show_days_off(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "resource.action_resource_calendar_leave_tree"
        )
        return action | {
            "name": self.env._("Company Time Off"),
            "domain": list(
                Domain("company_id", "=", self.company_id.id)
                & Domain("calendar_id", "=", False)
                & Domain("resource_id", "=", False)
            ),
            "context": {"default_company_id": self.company_id.id},
        }


class ServiceHolidayLoadDay(models.TransientModel):
    """A day of the preview."""

    _name = "service.holiday.load.day"
    _description = "Public Holiday to Load"
    _order = "day"

    load_id = fields.Many2one("service.holiday.load", required=True, ondelete="cascade")
    day = fields.Date(required=True)
    name = fields.Char(string="Holiday", required=True)
    is_there = fields.Boolean()
    state = fields.Selection(
        [("new", "Will be added"), ("there", "Already entered")],
        compute="_compute_state",
    )

    @api.depends("is_there")
    def _compute_state(self):
        for day in self:
            day.state = "there" if day.is_there else "new"
