from odoo import api, models

from ..tools.charging import Unit


class ServiceBilling(models.AbstractModel):
    """Work and packages of hours as lines of invoices.

    Apart from how an invoice is made, so that either file is read in one go.
    """

    _inherit = "service.billing"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _work_lines(self, settlement):
        """Values for what packages do not pay: a line for each rate, kind and price."""
        contract = settlement.contract_id
        entries = settlement.entry_ids.sorted(lambda entry: (entry.date, entry.id))
        # Late entries are of days before the period.
        first = min([settlement.date_from, *entries.mapped("date")])
        plan = self.env["service.rating"]._settled_plan(entries)
        quantities = {}
        for entry, charged in self.env["service.pricing"]._charged(plan, entries):
            same = quantities.setdefault(charged.of(0), [])
            same.append((entry.id, charged.item.quantity))
        period = contract._period_label(first, settlement.date_to)
        lines = []
        for same, charges in quantities.items():
            charged = same.of(sum(quantity for _id, quantity in charges))
            self.env["service.pricing"]._check_invoiceable(charged.minutes)
            lines.append(
                {
                    "product_id": charged.product.id,
                    "name": f"{self._work_label(settlement, charged)}\n{period}",
                    "quantity": charged.quantity,
                    "product_uom_id": charged.product.uom_id.id,
                    "price_unit": charged.unit_price,
                    "service_charges": {
                        "unit": str(charged.item.unit),
                        "entries": charges,
                    },
                    "service_period_from": first,
                    "service_period_to": settlement.date_to,
                }
            )
        return lines

    @api.model
    def _work_label(self, settlement, charged):
        """What a line is for, in the language of who pays it."""
        contract = settlement.contract_id
        customer = contract.invoice_partner_id or contract.partner_id
        env = self.with_context(lang=customer.lang or self.env.lang).env
        work = charged.rate.work_type_id.with_env(env).name
        item = charged.item
        if item.express:
            return env._(
                "%(work)s, express surcharge +%(percent)s%%",
                work=work,
                percent=item.percent,
            )
        if item.after_hours:
            return env._(
                "%(work)s, out-of-hours surcharge +%(percent)s%%",
                work=work,
                percent=item.percent,
            )
        if item.unit == Unit.FLAT:
            return charged.product.with_env(env).display_name
        if charged.rate.uses_packages and settlement._has_packages():
            return env._("%s, hours beyond the package", work)
        return work

    @api.model
    def _package_lines(self, settlement):
        """Values for packages that were sold to be billed with the contract."""
        packages = self.env["service.hour.package"].search(
            [
                ("bill_with", "=", "contract"),
                ("contract_id", "=", settlement.contract_id.id),
                ("date_from", "<=", settlement.date_to),
            ]
        )
        return [
            package._invoice_line() for package in packages if not package._sale_lines()
        ]
