from zoneinfo import ZoneInfo

import pytz

from odoo import api, fields, models, tools
from odoo.tools import LazyTranslate

from ...tools.moments import local

_lt = LazyTranslate(__name__)
PROJECT = _lt("Service work")

BACK_OFFICE = "helpdesk_service_contract.group_back_office"
MANAGER = "helpdesk_service_contract.group_manager"
# What the clock of a company follows from.
CLOCK_FIELDS = {"country_id", "partner_id", "resource_calendar_id"}


class ResCompany(models.Model):
    _inherit = "res.company"

    service_project_id = fields.Many2one(
        "project.project",
        string="Service Work Project",
        domain="[('company_id', '=', id), ('allow_timesheets', '=', True)]",
        help="Work entries on tickets belong to this project unless the ticket or its "
        "team names another.",
    )

    service_billing_delay = fields.Integer(
        string="Bill Automatically After",
        default=3,
        help="How many days after its end a period is billed automatically. Work "
        "logged in these days for that period is still included.",
    )

    service_counts_from = fields.Date(
        help="What happened before is history: work of earlier days is not billed, "
        "tickets reported earlier have no guaranteed times, and new contracts bill no "
        "earlier period. Empty where everything was kept here from the start.",
    )

    service_tz = fields.Char(
        string="Service Time Zone",
        compute="_compute_service_tz",
        help="Days begin and calendars are made by this clock. It is the time zone of "
        "the company's contact, or else that of its country and calendar.",
    )

    remote_session_hours = fields.Integer(
        string="Remind of Running Sessions After",
        default=3,
        help="Hours. A session that runs longer is considered forgotten: its "
        "technician is reminded to enter when it really ended.",
    )

    _remote_session_hours_in_range = models.Constraint(
        "CHECK(remote_session_hours BETWEEN 1 AND 24)",
        "The session reminder must be between 1 and 24 hours.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # By what clock they work does not follow from who creates them.
        nowhere = self.with_context(tz=False)
        companies = super(ResCompany, nowhere).create(vals_list).with_env(self.env)
        # sudo: the user who may create a company need not be a project manager
        companies.sudo()._create_service_projects()
        # sudo: nor an administrator of calendars
        companies.sudo()._create_service_calendars()
        companies._load_holidays_soon()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if CLOCK_FIELDS & set(vals):
            self.env.registry.clear_cache()
        return result

    def _create_service_projects(self):
        """Give companies the project that work entries need where they have none.

        An earlier installation may have left one.
        """
        for company in self.filtered(lambda one: not one.service_project_id):
            wanted = {
                "name": company._in_own_language(PROJECT),
                "company_id": company.id,
                "allow_timesheets": True,
            }
            projects = company.env["project.project"]
            left = projects.search(
                [(name, "=", value) for name, value in wanted.items()], limit=1
            )
            if not left:
                left = projects.create(wanted | {"privacy_visibility": "employees"})
                company._name_in_each_language(left, PROJECT)
            company.service_project_id = left

    def _in_own_language(self, source):
        """A text of ours in the company's language."""
        lang = self.env["res.lang"]._get_code(self.partner_id.lang)
        return self.with_context(lang=lang or self.env.lang).env._(source)

    @api.model
    def _name_in_each_language(self, record, source):
        """Name what was made for a company so that each of its people reads it."""
        for lang, _label in self.env["res.lang"].get_installed():
            record = record.with_context(lang=lang)
            record.name = record.env._(source)

    def _service_day(self, moment=None):
        """The day it is for the company at ``moment`` (naive UTC; default now).

        Periods end and windows open by the company's clock, not by that of the user
        who happens to look.
        """
        return local(moment or fields.Datetime.now(), self._service_zone()).date()

    def _service_zone(self):
        """The time zone whose clock the company's business runs by."""
        self.ensure_one()
        return ZoneInfo(self._service_tz())

    @tools.ormcache("self.id")
    def _service_tz(self):
        """Kept between transactions: every entry that is logged asks for it."""
        # sudo: the clock is the same for everybody
        company = self.sudo()
        return company.partner_id.tz or company._tz_of_country()

    def _tz_of_country(self):
        """The zone of the country; where it has several, the one its calendar is in."""
        zones = pytz.country_timezones.get(self.country_id.code or "", [])
        of_calendar = self.resource_calendar_id.tz or "UTC"
        if of_calendar in zones or not zones:
            return of_calendar
        return zones[0]

    @api.depends("country_id", "partner_id.tz", "resource_calendar_id.tz")
    def _compute_service_tz(self):
        for company in self:
            company.service_tz = company._origin and company._origin._service_tz()

    def _service_sale_taxes(self):
        """Sales taxes for services, where the chart of accounts has such; or none."""
        self.ensure_one()
        taxes = self.env["account.tax"]
        return taxes.search(
            [
                *taxes._check_company_domain(self),
                ("type_tax_use", "=", "sale"),
                ("tax_scope", "=", "service"),
            ]
        )
