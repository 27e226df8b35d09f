from odoo import models
from odoo.exceptions import AccessError

from ...tools.groups import GATEWAY


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Odoo lets everybody change their own name, address and picture; not tools."""
        if not self.env.su and self.env.user.has_group(GATEWAY):
            raise AccessError(
                self.env._("API clients can change things only through the gateway.")
            )
        return super().write(vals)
