from odoo import api, models
from odoo.exceptions import LockError
from odoo.fields import Domain


class ServiceSettlement(models.Model):
    """The packages of settlements: allowances that begin, and all that may end."""

    _inherit = "service.settlement"

    @api.model
    def _shared_packages(self, contracts):
        """Packages that serve all contracts of the customers."""
        packages = self.env["service.hour.package"]
        return packages.search(packages._shared_domain(contracts), order="id")

    @api.model
    def _lock_shared_packages(self, contracts):
        """Packages of the whole customer are emptied by one settlement at a time."""
        packages = self._shared_packages(contracts)
        try:
            packages.lock_for_update(allow_referencing=True)
        except LockError:
            customers = packages.commercial_partner_id
            raise LockError(
                self.env._(
                    "Someone else is billing another contract of %s right now. Try "
                    "again in a minute.",
                    ", ".join(customers.mapped("display_name")),
                )
            ) from None

    def _grant_allowances(self):
        """Make the allowances that are due into packages with their grant."""
        granting = self.filtered(lambda s: not s.late and not s.ticket_id)
        due = [
            (settlement, allowance)
            for settlement in granting
            for allowance in settlement.contract_id._allowances_due(settlement.date_to)
        ]
        packages = self.env["service.hour.package"].create(
            [
                {
                    "contract_id": settlement.contract_id.id,
                    "company_id": settlement.company_id.id,
                    "commercial_partner_id": settlement.commercial_partner_id.id,
                    "kind": "allowance",
                    "date_from": allowance.period.first,
                    "date_to": allowance.period.last,
                    "whole_minutes": settlement.contract_id.allowance_minutes,
                    "rollover_minutes": settlement.contract_id.rollover_minutes,
                }
                for settlement, allowance in due
            ]
        )
        self.env["service.hour.move"]._post(
            [
                {
                    "kind": "grant",
                    "settlement_id": settlement.id,
                    "package_id": package.id,
                    "minutes": allowance.minutes,
                    "date": package.date_from,
                    "by_terms": True,
                }
                for (settlement, allowance), package in zip(due, packages, strict=True)
            ]
        )
        until = {
            settlement.contract_id: allowance.period.last
            for settlement, allowance in due
        }
        for contract, day in until.items():
            contract.granted_until = day

    def _packages_to_close(self, used=None):
        """Packages that give something in the period, or may end in it, by settlement.

        :param used: ids of packages that work of the settlement is served from
        """
        used = used or {}
        packages = self.env["service.hour.package"]
        packages = packages.search(
            Domain("id", "in", list(set().union(*used.values())))
            | packages._serving_domain(self.contract_id)
            & Domain("remaining_minutes", ">", 0)
            & Domain("date_from", "<=", max(self.mapped("date_to")))
        )
        of_pool = packages.grouped(lambda package: package._pool_key())
        found = {}
        for settlement in self:
            contract = settlement.contract_id
            customer = contract.company_id.id, contract.commercial_partner_id.id
            own = of_pool.get(contract.id, packages.browse())
            own |= of_pool.get(customer, packages.browse())
            found[settlement] = own.filtered(
                lambda package, settlement=settlement: (
                    package.id in used.get(settlement, ())
                    or (
                        package.remaining_minutes > 0
                        and package.date_from <= settlement.date_to
                    )
                )
            )
        return found
