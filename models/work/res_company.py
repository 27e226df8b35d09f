from odoo import models

from ...tools.groups import TECHNICIAN
from ..company.res_company_missing import Missing


class ResCompany(models.Model):
    """Who can log work: people with an employee, which time belongs to."""

    _inherit = "res.company"

    def _missing(self):
        yield from super()._missing()
        if people := self._without_employee():
            yield Missing(
                self.env._(
                    "Without an employee record nobody can log work: %s.",
                    ", ".join(people.mapped("name")),
                ),
                self,
                "people",
            )

    def _without_employee(self):
        """Those who serve customers, and have no employee in the company.

        Administrators are asked only where there is nobody else.
        """
        staff = self._staff(TECHNICIAN)
        people = staff.filtered(lambda user: not user._is_system()) or staff
        # sudo: that there is an employee is no secret
        employees = self.env["hr.employee"].sudo()
        known = employees.search(
            [("company_id", "=", self.id), ("user_id", "in", people.ids)]
        )
        return (people - known.user_id).with_env(self.env)

    def _create_missing_employees(self):
        """Let all who serve customers log their work."""
        # sudo: HR keeps what else there is of employees; a manager names the user alone
        self.env["hr.employee"].sudo().create(
            [
                {"name": user.name, "user_id": user.id, "company_id": self.id}
                for user in self._without_employee()
            ]
        )
