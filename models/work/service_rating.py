from collections import defaultdict
from datetime import datetime, time, timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Date, Domain

from ...tools import service_time
from ...tools.charging import Charge
from ...tools.ledger import Payment
from ...tools.moments import aware, local
from ...tools.rating import Part, Rated, Rounding, Settled, Work
from ...tools.rules import Group, Place, RateRules
from ...tools.working_time import minute_of, moment_of

# What rating needs to know of an entry.
RATED_FIELDS = [
    "charge",
    "date",
    "service_contract_id",
    "block_entry_id",
    "started_at",
    "ticket_id",
    "work_type_id",
    "worked_minutes",
]
LONGEST_WORK = timedelta(days=2)
MINUTE = timedelta(minutes=1)


class Job(NamedTuple):
    """A work entry under the rules of its rate, as rating sees it."""

    entry: models.Model
    rules: RateRules
    work: Work
    payment: Payment


class ServiceRating(models.AbstractModel):
    """Turns work entries into what ``tools.rating`` takes, and keeps what it says."""

    _name = "service.rating"
    _description = "Service Rating"

    @api.model
    def _jobs(self, entries):
        """Jobs of the entries under a contract, by contract id."""
        spans = self._service_spans(entries)
        rules_of = {}
        jobs = defaultdict(list)
        for entry in entries:
            contract, work_type = entry.service_contract_id, entry.work_type_id
            # Free work may be rated by the tier that makes it free.
            free = entry.charge == "free" and entry.ticket_id
            key = contract, work_type, free
            if key not in rules_of:
                tier, rules = entry._rate()
                rules = rules or tier._rules_for(work_type)
                rules_of[key] = contract._origin.id, tier, tier._rules(), rules
            contract_id, tier, tier_rules, rules = rules_of[key]
            start = self._start(entry)
            work = Work(
                id=entry._rating_id(),
                day=entry.date,
                start=start.hour * 60 + start.minute if start else 0,
                parts=self._parts(entry, tier_rules, rules, spans.get(tier)),
                group=rules.group(entry._place()),
                rounding=rules.rounding,
            )
            payment = Payment(
                contract_id,
                rules.uses_packages,
                Charge(entry.charge),
                rules.flat,
                tier_rules.burns,
            )
            jobs[contract_id].append(Job(entry, rules, work, payment))
        return jobs

    @api.model
    def _start(self, entry):
        """When the work began by the company's clock, if anybody noted it."""
        if not entry.started_at:
            return None
        zone = entry.company_id.sudo()._service_zone()
        return local(entry.started_at, zone)

    @api.model
    def _parts(self, entry, tier, rate, spans):
        """The minutes of an entry, split where a surcharge begins or ends."""
        express = bool(tier.express) and entry.ticket_id._express_on(entry.date)
        return tuple(
            tier.part(rate, minutes, express=express, in_service=in_service)
            for minutes, in_service in self._stretches(entry, tier, spans)
        )

    @api.model
    def _stretches(self, entry, tier, spans):
        minutes = max(0, entry.worked_minutes)
        if not tier.after_hours or entry.charge == Charge.FREE:
            return [service_time.Stretch(minutes, True)]
        if entry.started_at:
            start = aware(entry.started_at)
            return service_time.split(start, minutes, spans)
        # Nobody noted when: only a day without any service is surcharged for sure.
        zone = entry.company_id.sudo()._service_zone()
        on_the_day = any(
            first.astimezone(zone).date()
            <= entry.date
            <= (last - MINUTE).astimezone(zone).date()
            for first, last in spans
        )
        return [service_time.Stretch(minutes, on_the_day)]

    @api.model
    def _service_spans(self, entries):
        """Spans of service time around the entries, by tier that surcharges others."""
        spans = {}
        by_tier = entries.grouped(
            lambda entry: entry.service_contract_id.service_tier_id
        )
        for tier, same in by_tier.items():
            days = [day for day in same.mapped("date") if day]
            if tier.after_hours_percent and days:
                zone = tier.company_id.sudo()._service_zone()
                first = datetime.combine(min(days), time.min, zone)
                last = datetime.combine(max(days), time.min, zone) + LONGEST_WORK
                hours = tier.calendar_id._working_time(tier.company_id)
                spans[tier] = [
                    (moment_of(begin), moment_of(end))
                    for begin, end in hours.spans(minute_of(first), minute_of(last))
                ]
        return spans

    @api.model
    def _settled_minutes(self, jobs):
        """What is settled of the rounding groups of some open jobs, by group."""
        settled = defaultdict(Settled)
        self._add_settled_of_tickets(settled, jobs)
        self._add_settled_of_blocks(settled, jobs)
        return settled

    @api.model
    def _add_settled_of_tickets(self, settled, jobs):
        jobs = [job for job in jobs if job.rules.scope in ("ticket", "ticket_day")]
        if not jobs:
            return
        # sudo: rounded totals are made of the work of everybody on the ticket
        entries = self.env["account.analytic.line"].sudo()
        rows = entries._read_group(
            Domain("ticket_id", "in", {job.entry.ticket_id._origin.id for job in jobs})
            & Domain(
                "service_contract_id", "in", {job.payment.contract_id for job in jobs}
            )
            & entries._settled_domain(),
            ["service_contract_id", "rate_id", "ticket_id", "date:day", "charge"],
            ["worked_minutes:sum", "billed_minutes:sum"],
        )
        for contract, rate, ticket, day, charge, worked, billed in rows:
            place = Place(contract.id, ticket.id, day, Charge(charge))
            self._add(settled, rate, place, worked, billed)

    @api.model
    def _add_settled_of_blocks(self, settled, jobs):
        jobs = [job for job in jobs if job.rules.scope == "block"]
        roots = {job.entry._block()._origin.id for job in jobs} - {False}
        if not roots:
            return
        # sudo: as above
        entries = self.env["account.analytic.line"].sudo()
        of_blocks = Domain("id", "in", roots) | Domain("block_entry_id", "in", roots)
        self._add_entries(
            settled, entries.search(of_blocks & entries._settled_domain())
        )

    @api.model
    def _settled_among(self, entries):
        """As ``_settled_minutes``, where all entries of the tickets are at hand."""
        settled = defaultdict(Settled)
        self._add_entries(settled, entries._settled())
        return settled

    @api.model
    def _add_entries(self, settled, entries):
        for entry in entries:
            minutes = entry.worked_minutes, entry.billed_minutes
            self._add(settled, entry.rate_id, entry._place(), *minutes)

    @api.model
    def _add(self, settled, rate, place, worked, billed):  # noqa: PLR0913, PLR0917
        # Its own rate names the total: of another tier's nothing is added up with it.
        for rules in rate.tier_id._rules().rates.values():
            if rules.id == rate.id:
                before = settled[rules.group(place)]
                settled[rules.group(place)] = Settled(
                    before.worked + worked, before.billed + billed
                )

    @api.model
    def _record(self, work, payment, rated):
        """What is kept of the rating of an entry, as JSON, to explain and replay it."""
        return {
            "day": str(work.day),
            "start": work.start,
            "group": list(work.group),
            "rounding": list(work.rounding),
            "parts": [list(part) for part in work.parts],
            "payment": list(payment),
            "before": list(rated.before),
            "billed": list(rated.parts),
        }

    @api.model
    def _replayed(self, id_, kept):
        """The work, payment and rating that ``_record`` kept of an entry."""
        work = Work(
            id=id_,
            day=Date.to_date(kept["day"]),
            start=kept["start"],
            parts=tuple(Part(*part) for part in kept["parts"]),
            group=Group(*kept["group"]),
            rounding=Rounding(*kept["rounding"]),
        )
        contract_id, of_packages, charge, *rest = kept["payment"]
        payment = Payment(contract_id, of_packages, Charge(charge), *rest)
        return work, payment, Rated(Settled(*kept["before"]), tuple(kept["billed"]))
