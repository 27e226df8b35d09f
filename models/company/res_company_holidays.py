import logging
from datetime import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.moments import at, last_second, midnight

try:
    import holidays
except ImportError:
    holidays = None

_logger = logging.getLogger(__name__)
# From this month on, people plan the next year.
OCTOBER = 10


class ResCompany(models.Model):
    """Public holidays, which stop the clocks of the company.

    They are entered beside its time off. Whether its people are off as well is the
    company's to say: plans of employees do not change because we are installed.
    """

    _inherit = "res.company"

    service_holiday_country_id = fields.Many2one(
        "res.country",
        string="Country of Public Holidays",
        compute="_compute_service_holiday_country_id",
        store=True,
        readonly=False,
        help="The country whose public holidays stop the clocks of the company.",
    )
    service_holiday_subdivision = fields.Char(
        string="Holiday Region",
        compute="_compute_service_holiday_subdivision",
        store=True,
        readonly=False,
        help="The code of a region with its own holidays, such as BY for Bavaria in "
        "Germany. Poland has none.",
    )
    service_holidays_by_itself = fields.Boolean(
        string="Load Public Holidays Automatically",
        default=True,
        help="Every month the holidays of this year are completed, and from October "
        "those of the next year too. A day you delete is not added again.",
    )
    service_holidays_for_staff = fields.Boolean(
        string="Public Holidays Are Time Off",
        help="Public holidays that are loaded are time off of the company's employees "
        "too. Otherwise they only stop the clocks of tickets.",
    )
    # Days and not years: of a holiday that a law adds to a year that was loaded, the
    # library only knows later.
    service_holidays_loaded = fields.Json(
        help="Days that have been loaded before, whether or not they still exist.",
        copy=False,
    )

    @api.depends("country_id")
    def _compute_service_holiday_country_id(self):
        for company in self:
            company.service_holiday_country_id = company.country_id

    @api.depends("service_holiday_country_id")
    def _compute_service_holiday_subdivision(self):
        """Regions are those of one country."""
        self.service_holiday_subdivision = False

    def write(self, vals):
        result = super().write(vals)
        if "service_holidays_for_staff" in vals:
            self._let_staff_follow()
        return result

    def _let_staff_follow(self):
        """Make the holidays that were loaded time off of employees, or work days."""
        for company in self:
            # sudo: as in `_take_days_off`
            loaded = self.env["resource.calendar.leaves"].sudo()
            loaded = loaded.search(
                [("company_id", "=", company.id), ("service_holiday", "=", True)]
            )
            loaded.time_type = company._holiday_type()

    def _holiday_type(self):
        """What holidays are to employees: Odoo plans around nothing but leave."""
        return "leave" if self.service_holidays_for_staff else "other"

    def action_load_public_holidays(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_holiday_load_action"
        )
        return action | {"context": {"default_company_id": self.id}}

    def _load_public_holidays(self, years, country=None, subdivision=None):
        """Enter the public holidays of some years; the days that were added.

        Safe to repeat: days that are off already stay as they are.

        :raises UserError: where nobody knows the holidays of the country or region
        """
        return self._take_days_off(self._public_holidays(years, country, subdivision))

    def _load_new_holidays(self, years):
        """As above, but without the days that were loaded before and deleted since."""
        loaded = set(self.service_holidays_loaded or [])
        days = self._public_holidays(years)
        return self._take_days_off(
            {day: name for day, name in days.items() if str(day) not in loaded}
        )

    def _public_holidays(self, years, country=None, subdivision=None):
        """The names of the public holidays of some years, by day in their order."""
        self.ensure_one()
        if country is None:
            country = self.service_holiday_country_id
            subdivision = subdivision or self.service_holiday_subdivision
        library = self._holiday_library(country)
        region = (subdivision or "").strip() or None
        try:
            found = holidays.country_holidays(
                country.code,
                subdiv=region,
                years=years,
                categories=holidays.PUBLIC,
                language=self._holiday_language(library),
            )
        except NotImplementedError as error:
            raise UserError(self._unknown_region(library, country, region)) from error
        return dict(sorted(found.items()))

    def _holiday_library(self, country):
        """What the library knows of a country."""
        if holidays is None:
            raise UserError(
                self.env._(
                    "The Python library “holidays”, needed for public holidays, is "
                    "not installed on the server. Ask the administrator to install "
                    "it."
                )
            )
        if not country:
            raise UserError(
                self.env._("Choose the country whose public holidays you want to load.")
            )
        try:
            return holidays.country_holidays(country.code)
        except NotImplementedError as error:
            raise UserError(
                self.env._(
                    "The public holidays of %s are not known. Enter them by hand as "
                    "time off of the company.",
                    country.name,
                )
            ) from error

    def _unknown_region(self, library, country, region):
        words = {"country": country.name, "region": region}
        if not library.subdivisions:
            return self.env._(
                "The public holidays of %(country)s are the same in all its "
                "regions. Remove the region “%(region)s”.",
                **words,
            )
        return self.env._(
            "The region “%(region)s” of %(country)s is not known. Choose one of: "
            "%(known)s.",
            known=", ".join(library.subdivisions),
            **words,
        )

    def _holiday_language(self, library):
        """The company's language if holidays have names in it, else the country's."""
        # sudo: the names are the same whoever loads them
        lang = self.sudo().partner_id.lang or ""
        known = library.supported_languages
        return next(
            (code for code in (lang, lang.split("_")[0]) if code in known),
            library.default_language,
        )

    def _take_days_off(self, names):
        """Enter days that stop the clocks where none does; what was added."""
        days = names.keys() - self._days_off(names)
        zone = self._service_zone()
        # sudo: Odoo lets none but administrators enter time off of a whole company; a
        # service manager may do it for public holidays of the own company.
        leaves = self.env["resource.calendar.leaves"].sudo()
        # Whatever is given here, the company of time off is computed: the current one.
        added = leaves.with_company(self).create(
            [
                {
                    "name": names[day],
                    "calendar_id": False,
                    "resource_id": False,
                    "time_type": self._holiday_type(),
                    "service_holiday": True,
                    "date_from": midnight(day, zone),
                    "date_to": last_second(day, zone),
                }
                for day in sorted(days)
            ]
        )
        added.flush_recordset(["company_id"])
        self._remember_holidays(names)
        return added.with_env(self.env)

    def _remember_holidays(self, days):
        before = set(self.service_holidays_loaded or [])
        loaded = before | {str(day) for day in days}
        if loaded != before:
            # sudo: this is no setting, and a service manager may not write companies
            self.sudo().service_holidays_loaded = sorted(loaded)

    def _days_off(self, days):
        """Which of some days the whole company has off, which is to say at noon.

        Somebody elsewhere may have entered them by another clock, or only until 17:00.
        """
        if not days:
            return set()
        zone = self._service_zone()
        noons = {day: at(day, time(12), zone) for day in days}
        # sudo: rules hide time off, and whoever may load sees these days anyway
        leaves = self.env["resource.calendar.leaves"].sudo()
        leaves = leaves.search(
            leaves._stopping_domain()
            & Domain("company_id", "in", [False, self.id])
            & Domain("calendar_id", "=", False)
            & Domain("date_from", "<", max(noons.values()))
            & Domain("date_to", ">", min(noons.values()))
        )
        return {
            day
            for day, noon in noons.items()
            if any(leave.date_from < noon < leave.date_to for leave in leaves)
        }

    @api.model
    def _cron_load_public_holidays(self):
        """Complete the holidays of this year, and in its last quarter of the next."""
        for company in self.search([("service_holidays_by_itself", "=", True)]):
            today = company._service_day()
            ahead = 1 if today.month >= OCTOBER else 0
            company._load_holidays_safely(range(today.year, today.year + ahead + 1))

    def _load_holidays_safely(self, years):
        """A company whose holidays cannot be loaded keeps no other from having them."""
        if not self.service_holiday_country_id:
            return
        try:
            with self.env.cr.savepoint():
                self._load_new_holidays(years)
        except UserError as error:
            _logger.warning("No public holidays for %s: %s", self.name, error)
        except Exception:
            # Tried again by the next run.
            _logger.exception("No public holidays for %s", self.name)

    def _load_holidays_soon(self):
        """Have the cron look at new companies now rather than next month."""
        cron = self.env.ref(
            "helpdesk_service_contract.cron_public_holidays", raise_if_not_found=False
        )
        if cron and self:
            # sudo: the user who may create a company need not administer crons
            cron.sudo()._trigger()
