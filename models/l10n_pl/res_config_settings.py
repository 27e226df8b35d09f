from odoo import models


class ResConfigSettings(models.TransientModel):
    """Signing in to KSeF: with leave only, and remembered."""

    _inherit = "res.config.settings"

    def _l10n_pl_edi_ksef_authenticate(self):
        connection = self.env["service.ksef.connection"]._of(self.company_id)
        connection._check()
        result = super()._l10n_pl_edi_ksef_authenticate()
        connection._note_sign_in()
        return result
