from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Contacts that are merged: Odoo writes them over by SQL, past all other rules."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids).exists()
        target = dst_partner
        if len(partners) > 1 and (not target or target not in partners):
            target = self._get_ordered_partner(partners.ids)[-1]
        if len(partners) > 1:
            # sudo: what is kept of them counts, visible or not
            self._check_mergeable(self._changed_by_merge(partners, target).sudo())
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        if len(partners) > 1:
            # sudo: as above
            self._merged(target.sudo())
        return result

    @api.model
    def _changed_by_merge(self, partners, target):
        """Those that are gone afterwards, and the target if it changes its customer."""
        sources = partners - target
        parent = target.parent_id or sources.parent_id[-1:]
        is_customer = any(partners.mapped("is_company")) or not parent
        customer = target if is_customer else parent.commercial_partner_id
        return sources if customer == target.commercial_partner_id else partners

    @api.model
    def _check_mergeable(self, partners):
        """Hook: refuse where something is kept of these contacts.

        :raises UserError: saying what
        """

    @api.model
    def _merged(self, partner):
        """Hook: others were merged into ``partner``, which nothing follows yet."""
        people = partner.with_context(active_test=False)
        people = people.search([("id", "child_of", partner.ids)])
        self.env.add_to_compute(people._fields["commercial_partner_id"], people)
        people.modified(["commercial_partner_id"])
