from odoo import api, fields, models

from ...tools.guard import Seal
from ...tools.moments import aware
from ...tools.sla import Metric
from ...tools.working_time import minute_of

# What decides which promise applies; another tier, priority … brings other targets.
GROUNDS = ("tier", "contract_tiers", "priority", "express", "reported_at")
CLOCKS = Seal("clocks")
# While tickets are made: their clocks start when all about them is known. It guards no
# facts, as it is held around what callers give.
STARTING = Seal("starting")


class ServiceSla(models.AbstractModel):
    """Keeps the clocks of tickets: writes their log, and lets the timers follow it."""

    _name = "service.sla"
    _description = "SLA Clocks"

    # ------------------------------------------------------------------
    # What happens to the clocks
    # ------------------------------------------------------------------

    @api.model
    def _start(self, tickets):
        """Start the clocks of tickets that were just made."""
        # sudo: what is promised counts for everybody; only the system keeps the log
        events = []
        for ticket in tickets.sudo():
            promised = self._promised(ticket)
            if self._promises(promised) and not ticket._is_from_before():
                events += self._starting(ticket, promised)
        self._record(events, fresh=True)

    @api.model
    def _follow(self, tickets):
        """Let the clocks follow what decides which promise applies to tickets."""
        if STARTING.is_open(self.env.context):
            return
        # sudo: as above
        tickets = tickets.sudo()
        known = self._known_promises(tickets)
        events = []
        for ticket in tickets:
            before, since = known.get(ticket.id, (None, None))
            promised = self._promised(ticket)
            if before is None:
                if self._promises(promised) and not ticket._is_from_before():
                    events += self._starting(ticket, promised, late=True)
            elif promised["reported_at"] != before["reported_at"]:
                reported = ticket.reported_at
                events.append(
                    self._event(ticket, "started", reported, promised=promised)
                )
            elif any(promised[name] != before[name] for name in GROUNDS):
                at = self._retargeted_at(ticket, before, promised, since)
                events.append(self._event(ticket, "retargeted", at, promised=promised))
        self._record(events)

    @api.model
    def _answered(self, ticket, at=None, note=None):
        """The customer got the first real answer, which is what reaction means."""
        # sudo: as above
        ticket = ticket.sudo()
        if ticket._awaits_answer():
            self._record([self._event(ticket, "responded", at, note=note)])

    @api.model
    def _resume(self, ticket, note):
        """Nobody waits any more, though there is no stage that would say so."""
        # sudo: as above
        ticket = ticket.sudo()
        if ticket.sla_timer_ids.filtered(lambda timer: timer.state == "paused"):
            self._record([self._event(ticket, "resumed", note=note)])

    @api.model
    def _moved(self, before, note=None):
        """Pause, resume and stop by the stages that tickets were in ``before``."""
        moves = {
            # sudo: as above
            ticket.sudo(): (was, after)
            for ticket, was in before.items()
            if was != (after := ticket._stage_of_clock())
        }
        timers = self._timers_of(self.env["helpdesk.ticket"].union(*moves))
        events = []
        for ticket in timers.ticket_id:
            events += [
                event | {"note": note} for event in self._moving(ticket, *moves[ticket])
            ]
        self._record(events, timers)

    @api.model
    def _moving(self, ticket, before, after):
        (was_closed, waited_for), (closed, waits_for) = before, after
        if closed and not was_closed:
            yield self._event(ticket, "resolved")
        elif was_closed and not closed:
            yield self._event(ticket, "reopened")
        if closed or (waits_for == waited_for and not was_closed):
            return
        if waits_for:
            yield self._event(ticket, "paused", waiting_for=waits_for)
        elif not was_closed:
            yield self._event(ticket, "resumed")

    @api.model
    def _extend(self, timer, minutes, reason):
        """Give a timer another target; the caller checks the right."""
        ticket = timer.ticket_id.sudo()
        promised, _since = self._known_promises(ticket)[ticket.id]
        changed = promised | {
            timer.metric: promised[timer.metric] | {"minutes": minutes}
        }
        event = self._event(
            ticket, "retargeted", metric=timer.metric, promised=changed, note=reason
        )
        self._record([event])

    @api.model
    def _justify(self, timer, reason):
        """Keep why a promise was broken."""
        # sudo: as above
        timer = timer.sudo().with_context(**CLOCKS.opened)
        timer.write({"justification": reason, "justified_by_id": self.env.uid})
        self._record(
            [
                self._event(
                    timer.ticket_id, "justified", metric=timer.metric, note=reason
                )
            ]
        )

    @api.model
    def _calendars_changed(self, calendars):
        """Move the deadlines of open timers; without calendars, of all of them."""
        # sudo: as above
        domain = [("stopped_at", "=", False), ("state", "!=", "void")]
        if calendars:
            domain.append(("calendar_id", "in", calendars.ids))
        self._refresh(self.env["service.sla.timer"].sudo().search(domain).ticket_id)

    # ------------------------------------------------------------------
    # The log
    # ------------------------------------------------------------------

    @api.model
    def _event(self, ticket, kind, at=None, **vals):
        return {
            "ticket_id": ticket.id,
            "company_id": ticket.company_id.id,
            "kind": kind,
            "at": at or fields.Datetime.now(),
        } | vals

    @api.model
    def _starting(self, ticket, promised, *, late=False):
        """The first lines of a log; what has happened already is part of it."""
        events = [self._event(ticket, "started", ticket.reported_at, promised=promised)]
        answered = late and ticket._first_answer_at()
        if answered:
            events.append(self._event(ticket, "responded", answered))
        closed, waits_for = ticket._stage_of_clock()
        if closed:
            events.append(self._event(ticket, "resolved", ticket.closed_date))
        elif waits_for:
            moved = ticket.last_stage_update
            events.append(self._event(ticket, "paused", moved, waiting_for=waits_for))
        return events

    @api.model
    def _promised(self, ticket):
        """What is promised now by metric, and on what grounds.

        The customer's contract promises its reaction whoever pays: somebody answers in
        time, and says for instance that this needs a quote. Of several contracts that
        may serve the ticket, the strictest promise counts until one is chosen.
        """
        tier, of_contracts = ticket.service_tier_id, self._contract_tiers(ticket)
        promised = self._targets(ticket, tier)
        if others := of_contracts - tier:
            offers = [promised, *(self._targets(ticket, other) for other in others)]
            to_choose = ticket.coverage_code == "contract_open"
            for metric in Metric if to_choose else [Metric.REACTION]:
                found = [targets[metric] for targets in offers if metric in targets]
                if found:
                    promised[metric] = min(found, key=self._due_of(ticket))
        grounds = {
            "tier": tier.id,
            "contract_tiers": sorted(of_contracts.ids),
            "priority": ticket.priority or "0",
            "express": ticket.express,
            "reported_at": fields.Datetime.to_string(ticket.reported_at),
        }
        return grounds | {
            str(metric): {
                "minutes": target.minutes,
                "calendar": target.calendar_id,
                "target": target.id,
                "tier": of_tier.id,
            }
            for metric, (of_tier, target) in promised.items()
        }

    @api.model
    def _contract_tiers(self, ticket):
        """The tiers of the contracts in force when the ticket was reported, as far as
        they serve it, or may."""
        return ticket.coverage_decision_id._contracts().service_tier_id

    @api.model
    def _targets(self, ticket, tier):
        """Pairs of the tier and its target for a ticket, by metric."""
        found = tier._promised(
            ticket.priority or "0", ticket.reported_at, express=ticket.express
        )
        return {metric: (tier, target) for metric, target in found.items()}

    @api.model
    def _due_of(self, ticket):
        """A sort key: of two targets for a ticket, the one that ends first is less."""
        reported = minute_of(aware(ticket.reported_at))
        calendars = self.env["resource.calendar"]

        def due(promise):
            _tier, target = promise
            hours = calendars.browse(target.calendar_id)._working_time(
                ticket.company_id
            )
            moment = hours.add(reported, target.minutes)
            return moment is None, moment or 0

        return due

    @api.model
    def _promises(self, promised):
        return any(metric in promised for metric in Metric)

    @api.model
    def _retargeted_at(self, ticket, before, promised, since):
        """Express counts from when it was agreed to, everything else from now.

        Never from before the promised that it replaces: they would count after it.
        """
        agreed, now = ticket.express_agreed_on, fields.Datetime.now()
        if promised["express"] and not before["express"] and agreed:
            return max(since, min(agreed, now))
        return now

    @api.model
    def _known_promises(self, tickets):
        """The promised that count at present and since when, by ticket id."""
        events = self.env["service.sla.event"].sudo()
        found = events.search_fetch(
            [("ticket_id", "in", tickets.ids), ("promised", "!=", False)],
            ["at", "ticket_id", "promised"],
            order="id",
        )
        return {event.ticket_id.id: (event.promised, event.at) for event in found}

    @api.model
    def _record(self, vals_list, timers=None, *, fresh=False):
        """Write lines of the log; the only place that does.

        ``timers`` are those of the tickets, where they are known. ``fresh`` tickets
        have no log and no timers so far: nothing need be read.
        """
        if not vals_list:
            return
        # sudo: nobody has the right to write the log
        events = self.env["service.sla.event"].sudo()
        events = events.with_context(**CLOCKS.opened).create(vals_list)
        events = events.with_env(self.sudo().env)
        if fresh:
            self._wake(self._refresh_by(events.grouped("ticket_id"), {}))
        else:
            self._refresh(events.ticket_id, timers)
