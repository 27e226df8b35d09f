from collections import defaultdict

from odoo import api, models
from odoo.tools.misc import formatLang

from ...tools.charging import Charge, Unit
from ...tools.coverage_effects import Code
from ...tools.duration import to_clock
from ...tools.ledger import taken


class ServiceExplanation(models.AbstractModel):
    """Says in words how an entry is billed: every step, for anyone who reads it.

    Open entries are explained by the plan as it stands, also those still on a form;
    settled ones by what was kept of their settlement.
    """

    _name = "service.explanation"
    _description = "Explanation of Billable Time"

    @api.model
    def _explain(self, entries):
        """The explanation by id of an entry; it holds no price."""
        held = entries.filtered(lambda entry: entry.charge == Charge.HOLD)
        waiting = {
            entry.id: self.env._("not billed yet: %s", self._coverage_label(entry))
            for entry in held
        }
        return waiting | {
            entry.id: "; ".join(self._steps(entry, plan))
            for entry, plan in self._with_plans(entries - held)
        }

    @api.model
    def _price_notes(self, entries):
        """What packages do not pay, by id of an entry: in words, with where prices come
        from, and as a net amount."""
        invoiced = entries.filtered(lambda entry: entry.settlement_id.invoice_id)
        notes, amounts = self._invoiced_notes(invoiced)
        by_plan = {}
        for entry, plan in self._with_plans(entries - invoiced):
            by_plan.setdefault(id(plan), (plan, []))[1].append(entry)
            notes[entry.id], amounts[entry.id] = "", 0.0
        pricing = self.env["service.price"]
        price = pricing._prices()
        for plan, same in by_plan.values():
            labels = defaultdict(list)
            together = entries.browse().concat(*same)
            for entry, charge in pricing._charged(plan, together, price):
                currency = entry.service_contract_id.currency_id
                labels[entry.id].append(self._price_label(currency, charge))
                amounts[entry.id] += charge.unit_price * charge.quantity
            notes |= {id_: "; ".join(parts) for id_, parts in labels.items()}
        return notes, amounts

    @api.model
    def _came_to(self, entries):
        """Minutes that packages pay for entries, and net amounts by their currency."""
        minutes, amounts, by_plan = 0, defaultdict(float), {}
        for entry, plan in self._with_plans(entries):
            parts = taken(plan.slices).get(entry._rating_id(), ())
            minutes += sum(paid for _bucket, paid, _burned in parts)
            by_plan.setdefault(id(plan), (plan, []))[1].append(entry)
        invoiced = entries.filtered(lambda entry: entry.settlement_id.invoice_id)
        asked = self.env["service.invoiced.work"]._by_entry(
            invoiced.settlement_id.invoice_id
        )
        for entry in invoiced:
            for share in asked.get(entry.id, []):
                amounts[share.currency] += share.amount
        pricing = self.env["service.price"]
        for plan, same in by_plan.values():
            together = entries.browse().concat(*same) - invoiced
            for entry, charge in pricing._charged(plan, together):
                currency = entry.service_contract_id.currency_id
                amounts[currency] += charge.unit_price * charge.quantity
        return minutes, amounts

    @api.model
    def _invoiced_notes(self, entries):
        """What invoices ask for entries: the prices of that day stand on them."""
        invoices = entries.settlement_id.invoice_id
        asked = self.env["service.invoiced.work"]._by_entry(invoices)
        notes, amounts = {}, {}
        for entry in entries:
            labels = [
                self._asked_label(invoiced) for invoiced in asked.get(entry.id, [])
            ]
            name = entry.settlement_id.invoice_name
            if name and name != "/":
                labels.append(self.env._("on invoice %s", name))
            notes[entry.id] = "; ".join(labels)
            amounts[entry.id] = sum(one.amount for one in asked.get(entry.id, []))
        return notes, amounts

    def _asked_label(self, invoiced):
        amount = formatLang(self.env, invoiced.amount, currency_obj=invoiced.currency)
        if calculation := invoiced.calculation(self.env):
            return f"{invoiced.label}: {calculation} = {amount}"
        return f"{invoiced.label}: {amount}"

    @api.model
    def _coverage_label(self, entry):
        """Why the ticket's work is free or on hold, by the decision it stands on."""
        decision = entry._decision()
        return decision._label() if decision else ""

    @api.model
    def _with_plans(self, entries):
        """Pairs of an entry and a plan that holds it."""
        ready = entries.filtered(
            lambda entry: entry.rating and entry.date and entry.worked_minutes > 0
        )
        settled = ready._settled()
        drafts = (ready - settled).filtered(lambda entry: not isinstance(entry.id, int))
        open_entries = ready - settled
        plans = {}
        if contracts := open_entries.service_contract_id._origin:
            # Work of later days takes nothing from that of earlier ones.
            last_day = max(open_entries.mapped("date"))
            ledger = self.env["service.hour.ledger"]
            plans = ledger._plans(contracts, last_day, drafts)
        rating = self.env["service.rating"]
        for entry in ready:
            if entry in settled:
                plan = rating._settled_plan(entry)
            else:
                plan = plans[entry.service_contract_id._origin.id]
            if entry._rating_id() in plan.shares:
                yield entry, plan

    @api.model
    def _steps(self, entry, plan):
        work = next(w for w in plan.facts.works if w.id == entry._rating_id())
        payment = plan.facts.payments[work.id]
        rated, total = plan.rated[work.id], plan.total(work.id)
        never_more = payment.flat and not work.rounding.step
        fee_alone = never_more and total.billed and not total.packages
        if fee_alone:
            yield self.env._("%s: a flat fee", to_clock(work.minutes))
        else:
            yield self._rounding_step(work, payment, rated)
        yield from self._surcharge_steps(work, rated)
        for part in taken(plan.slices).get(work.id, ()):
            yield self._package_step(*part)
        if total.free:
            yield self._free_step(entry, work.minutes if fee_alone else total.free)
        elif payment.charge.costs_money:
            has_packages = self._has_packages(entry, plan, payment)
            if has_packages and not payment.uses_packages:
                yield self.env._("packages do not pay for this work")
            beyond = has_packages and payment.uses_packages
            if not fee_alone and (beyond or total.overage):
                yield self._charged_step(entry, to_clock(total.overage), beyond=beyond)

    @api.model
    def _free_step(self, entry, minutes):
        decision = entry._decision()
        if not entry.waiver and decision.code == Code.QUOTE_ACCEPTED:
            return self.env._("%s paid by the accepted quote", to_clock(minutes))
        return self.env._(
            "%(time)s free of charge: %(reason)s",
            time=to_clock(minutes),
            reason=entry.charge_reason or self._coverage_label(entry),
        )

    @api.model
    def _has_packages(self, entry, plan, payment):
        """Whether packages could have given hours to the work, had they any left."""
        # sudo: settlements are for back office, what they say of an entry is not
        if settlement := entry.sudo().settlement_id:
            return settlement._has_packages()
        return any(
            package.contract_id in (None, payment.contract_id)
            and package.first_day <= entry.date <= package.last_day
            for package in plan.facts.packages
        )

    @api.model
    def _charged_step(self, entry, time, *, beyond):
        if entry._charged_anyway():
            return self.env._(
                "%(time)s charged: %(reason)s",
                time=time,
                reason=self._coverage_label(entry),
            )
        if beyond:
            return self.env._("%s outside packages", time)
        return self.env._("%s charged", time)

    def _rounding_step(self, work, payment, rated):
        label = self.env._(
            "%(worked)s → %(billed)s: %(rule)s",
            worked=to_clock(work.minutes),
            billed=to_clock(rated.billed),
            rule=self.env["service.tier.rate"]._rounding_words(
                work.rounding, flat=payment.flat
            ),
        )
        before = rated.before
        if before.worked:
            label += " " + {
                "ticket": self.env._(
                    "(the earlier %(worked)s on this ticket is counted as %(billed)s)",
                    worked=to_clock(before.worked),
                    billed=to_clock(before.billed),
                ),
                "ticket_day": self.env._(
                    "(the earlier %(worked)s on this ticket that day is counted as "
                    "%(billed)s)",
                    worked=to_clock(before.worked),
                    billed=to_clock(before.billed),
                ),
            }.get(
                work.group.scope,
                self.env._(
                    "(the earlier %(worked)s in this session or visit is counted "
                    "as %(billed)s)",
                    worked=to_clock(before.worked),
                    billed=to_clock(before.billed),
                ),
            )
        return label

    def _surcharge_steps(self, work, rated):
        for part, billed in zip(work.parts, rated.parts, strict=True):
            if part.express and billed:
                yield self.env._(
                    "%(time)s express +%(percent)s%%",
                    time=to_clock(billed),
                    percent=part.express,
                )
            if part.after_hours and billed:
                yield self.env._(
                    "%(time)s out of hours +%(percent)s%%",
                    time=to_clock(billed),
                    percent=part.after_hours,
                )

    def _package_step(self, bucket, paid, burned):
        period = self.env["contract.contract"]._days_label(
            bucket.first_day, bucket.last_day, self.env.lang
        )
        if burned == paid:
            return self.env._(
                "%(time)s from package %(period)s", time=to_clock(paid), period=period
            )
        return self.env._(
            "%(time)s from package %(period)s, using %(burned)s of it",
            time=to_clock(paid),
            period=period,
            burned=to_clock(burned),
        )

    def _price_label(self, currency, charge):
        sources = {
            "contract": self.env._("contract pricelist"),
            "customer": self.env._("customer pricelist"),
            "product": self.env._("product price"),
        }
        minutes = charge.item.unit == Unit.MINUTE
        quantity = (
            to_clock(charge.item.quantity) if minutes else str(charge.item.quantity)
        )
        label = self.env._(
            "%(quantity)s × %(price)s = %(amount)s (%(origin)s)",
            quantity=quantity,
            price=formatLang(self.env, charge.unit_price, currency_obj=currency),
            amount=formatLang(
                self.env, charge.unit_price * charge.quantity, currency_obj=currency
            ),
            origin=sources[charge.price.source],
        )
        if charge.item.express:
            return self.env._("express surcharge %s", label)
        if charge.item.after_hours:
            return self.env._("out-of-hours surcharge %s", label)
        return label
