from odoo import models

from .service_export import ADDON


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def button_uninstall(self):
        """Every way to uninstall leads here, also over a module that we build on."""
        going = self | self.downstream_dependencies(self)
        if ADDON in going.mapped("name"):
            self.env["service.export"]._check_exported()
        return super().button_uninstall()
