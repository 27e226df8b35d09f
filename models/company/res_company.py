from zoneinfo import ZoneInfo

from odoo import api, fields, models, tools

from ...tools.moments import local

BACK_OFFICE = "helpdesk_service_contract.group_back_office"
MANAGER = "helpdesk_service_contract.group_manager"
WARSAW = "Europe/Warsaw"


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
        companies = super().create(vals_list)
        # sudo: whoever may create a company need not be a project manager
        companies.sudo()._create_service_projects()
        # sudo: nor an administrator of calendars
        companies.sudo()._create_service_calendars()
        companies._load_holidays_soon()
        return companies

    def write(self, vals):
        if "partner_id" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)

    def _create_service_projects(self):
        """Create the project that work entries need where a company has none."""
        companies = self.filtered(lambda company: not company.service_project_id)
        projects = self.env["project.project"].create(
            [
                {
                    "name": company.with_context(
                        lang=company.partner_id.lang or company.env.lang
                    ).env._("Service work"),
                    "company_id": company.id,
                    "allow_timesheets": True,
                    "privacy_visibility": "employees",
                }
                for company in companies
            ]
        )
        for company, project in zip(companies, projects, strict=True):
            company.service_project_id = project

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
        return self.sudo().partner_id.tz or WARSAW

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
