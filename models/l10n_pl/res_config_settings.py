from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Signing in to KSeF: with leave only, and remembered."""

    _inherit = "res.config.settings"

    service_ksef_offline_certificate_id = fields.Many2one(
        related="company_id.service_ksef_offline_certificate_id", readonly=False
    )
    service_ksef_hand_over = fields.Boolean(
        related="company_id.service_ksef_hand_over", readonly=False
    )
    service_ksef_consumers = fields.Boolean(
        related="company_id.service_ksef_consumers", readonly=False
    )
    service_ksef_small_seller = fields.Boolean(
        related="company_id.service_ksef_small_seller", readonly=False
    )
    service_ksef_both_states = fields.Boolean(
        related="company_id.service_ksef_both_states", readonly=False
    )

    def _l10n_pl_edi_ksef_authenticate(self):
        connection = self.env["service.ksef.connection"]._of(self.company_id)
        connection._check_leave()
        result = super()._l10n_pl_edi_ksef_authenticate()
        connection._note_sign_in()
        return result
