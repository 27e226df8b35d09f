from odoo import api, models
from odoo.fields import Domain

from ...tools.groups import ADMINISTRATOR, BACK_OFFICE


class ResCompany(models.Model):
    """Who of the company's people is asked when a person must act."""

    _inherit = "res.company"

    @api.model
    def _all(self):
        """All companies; there are few."""
        return self.search([])  # pylint: disable=no-search-all

    def _responsible(self, group, *candidates):
        """The user for a task that only members of ``group`` can do.

        The first of the candidates who can do it; else somebody of the group, or of
        back office where it has nobody.
        """
        return (
            self._able(group, *candidates)
            or self._staff(group)[:1].with_env(self.env)
            or self._staff(BACK_OFFICE)[:1].with_env(self.env)
            or self.env.ref("base.user_admin")
        )

    def _able(self, group, *candidates):
        """The first of the candidates who can do what members of ``group`` can, if any.

        People who left, customers and API clients get no task.
        """
        staff = self._staff(group)
        able = (user for users in candidates for user in users if user in staff)
        return next(able, self.env["res.users"])

    def _staff(self, group):
        """Active internal users of the company who are members of ``group``.

        Administrators come last: they may do everything, but it is not their job.
        """
        self.ensure_one()
        # sudo: who is asked does not depend on who asks
        users = self.env["res.users"].sudo()
        staff = users.search(
            Domain("active", "=", True)
            & Domain("share", "=", False)
            & Domain("company_ids", "in", self.ids)
            & Domain("all_group_ids", "in", self.env.ref(group).ids),
            order="id",
        )
        admin = self.env.ref(ADMINISTRATOR)
        return staff.sorted(lambda user: admin in user.all_group_ids)
