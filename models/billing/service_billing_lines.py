from odoo import api, models

from ...tools.charging import Unit
from ...tools.coverage_effects import Code
from ...tools.failure import about
from ...tools.periods import Period, month_of


class ServiceBilling(models.AbstractModel):
    """Work and packages of hours as lines of invoices."""

    _inherit = "service.billing"

    @api.model
    def _work_lines(self, settlements):
        """Values for what packages do not pay, by settlement."""
        entries = settlements.entry_ids.sorted(lambda entry: (entry.date, entry.id))
        plan = self.env["service.rating"]._settled_plan(entries)
        charged = {}
        for entry, item in self.env["service.price"]._charged(plan, entries):
            charged.setdefault(entry.settlement_id, []).append((entry, item))
        lines = {}
        for settlement in settlements:
            with about(settlement.contract_id):
                lines[settlement] = self._lines_of_work(
                    settlement, charged.get(settlement, ())
                )
        return lines

    @api.model
    def _lines_of_work(self, settlement, charged):
        """A line for each period, rate, kind and price of work that is charged."""
        quantities = {}
        for entry, item in charged:
            period = self._period_of_work(settlement, entry)
            kind = self._kind_of_work(settlement, entry, item)
            same = quantities.setdefault((period, item.of(0), kind), [])
            same.append((entry.id, item.item.quantity))
        contract = settlement.contract_id
        lines = []
        for ((first, last), same, kind), charges in quantities.items():
            total = same.of(sum(quantity for _id, quantity in charges))
            label = self._work_label(settlement, total, kind)
            lines.append(
                {
                    "product_id": total.product.id,
                    "name": f"{label}\n{contract._period_label(first, last)}",
                    "quantity": total.quantity,
                    "product_uom_id": total.product.uom_id.id,
                    "price_unit": total.unit_price,
                    "service_charges": {
                        "unit": str(total.item.unit),
                        "entries": charges,
                    },
                    "service_period_from": first,
                    "service_period_to": last,
                }
            )
        return lines

    @api.model
    def _period_of_work(self, settlement, entry):
        """The settled period, or the month of work that was logged after its own."""
        first, last = settlement.date_from, settlement.date_to
        if settlement.ticket_id:
            return Period(min(first, entry.date), last)
        if not settlement.late and first <= entry.date:
            return Period(first, last)
        month = month_of(entry.date)
        return Period(max(month.first, settlement.contract_id._first_day()), month.last)

    @api.model
    def _kind_of_work(self, settlement, entry, charged):
        """Why packages do not pay: none has hours left, or who reported was wrong."""
        item = charged.item
        if item.express or item.after_hours or item.unit == Unit.FLAT:
            return ""
        if reason := entry._charged_anyway():
            return reason
        beyond = charged.rate.uses_packages and settlement._has_packages()
        return "beyond" if beyond else ""

    @api.model
    def _work_label(self, settlement, charged, kind):
        """What a line is for, in the language of who pays it."""
        contract = settlement.contract_id
        customer = contract.invoice_partner_id or contract.partner_id
        env = self.with_context(lang=customer.lang or self.env.lang).env
        label = self._charged_label(charged, kind, env)
        if ticket := settlement.ticket_id:
            return f"{label}: {ticket.number} {ticket.name}"
        return label

    @api.model
    def _charged_label(self, charged, kind, env):
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
        return {
            "beyond": env._("%s, hours beyond the package", work),
            Code.UNJUSTIFIED_CHARGED: env._("%s, unjustified report", work),
            Code.COMPLAINT_UNJUSTIFIED: env._("%s, unjustified complaint", work),
        }.get(kind, work)

    @api.model
    def _package_lines(self, settlements):
        """Values for packages that were sold to be billed with the contract."""
        lines = {settlement: [] for settlement in settlements}
        for package in self._packages_to_bill(settlements.contract_id):
            begun = settlements.filtered(
                lambda settlement, package=package: (
                    settlement.contract_id == package.contract_id
                    and settlement.date_to >= package.date_from
                    and not settlement.ticket_id
                )
            )
            if begun:
                with about(package.contract_id):
                    lines[begun[0]].append(package._invoice_line())
        return lines

    @api.model
    def _packages_to_bill(self, contracts):
        """Packages that were sold to be billed with a contract, and are not yet."""
        packages = self.env["service.hour.package"].search(
            [("bill_with", "=", "contract"), ("contract_id", "in", contracts.ids)]
        )
        return packages.filtered(lambda package: not package._sale_lines())
