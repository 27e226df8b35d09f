from odoo import api, models
from odoo.exceptions import AccessError

# Held in the context by the one method that adds, and compared by identity: nobody
# sends this object over RPC.
ADDING = object()


class ServiceEvidence(models.AbstractModel):
    """What somebody agreed to: added by one method, never changed, never deleted."""

    _name = "service.evidence"
    _description = "Evidence"

    def _adding(self):
        """These, where evidence may be added."""
        return self.with_context(evidence=ADDING)

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("evidence") is not ADDING:
            raise AccessError(
                self.env._(
                    "Acceptances are given by customers, or noted with “By Phone” on "
                    "a session."
                )
            )
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise AccessError(
            self.env._("What somebody agreed to never changes. A new one is added.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(
            self.env._("What somebody agreed to is evidence, and is not deleted.")
        )
