from odoo import api, models

from ...tools import periods
from ...tools.package import closings
from ...tools.periods import Period
from .service_hour_move import LEDGER


class ServiceHourPackage(models.Model):
    """What happens to the hours of a package that ends: lost, or carried over."""

    _inherit = "service.hour.package"

    def _release_expired(self, minutes):
        """Values of the moves that give back ``minutes`` of what has expired."""
        self.ensure_one()
        vals_list = []
        expired = self.move_ids.filtered(
            lambda move: move.kind == "expire" and not move.successor_id
        )
        for move in expired:
            released = sum(
                self.move_ids.filtered(
                    lambda other, move=move: other.released_id == move
                ).mapped("minutes")
            )
            given_back = min(minutes, -move.minutes - released)
            if given_back > 0:
                minutes -= given_back
                vals_list.append(
                    {
                        "kind": "release",
                        "package_id": self.id,
                        "minutes": given_back,
                        "date": move.date,
                        "released_id": move.id,
                    }
                )
        return vals_list

    def _move_end(self, *, goes_on):
        """Let the hours of an allowance follow the end of its contract.

        What the end had cut off is there again where the contract goes on. Where it
        ends, hours that are used already stay with the customer.
        """
        self.ensure_one()
        contract = self.contract_id
        moves = self.env["service.hour.move"]
        if goes_on:
            reason = {"reason": self.env._("The contract goes on")}
            lost = self.expired_minutes - self.carried_minutes
            moves._post([vals | reason for vals in self._release_expired(lost)])
        else:
            end = contract._period_label(self.date_from, contract.date_end)
            reason = {"reason": self.env._("The contract ends: %s", end)}
        period = Period(self.date_from, self.date_to)
        due = contract._allowance_of(period, self.whole_minutes)
        granted = sum(self.move_ids.filtered("by_terms").mapped("minutes"))
        change = max(due - granted, -self.remaining_minutes)
        if change:
            change_vals = {
                "kind": "adjust",
                "package_id": self.id,
                "minutes": change,
                "date": self.company_id._service_day(),
                "by_terms": True,
            }
            moves._post([change_vals | reason])

    def _expire(self, closing):
        """Values of the moves for what is lost, and for what goes over."""
        self.ensure_one()
        expire = {"kind": "expire", "package_id": self.id, "date": self._last_day()}
        moves = []
        if lost := closing.expired - closing.carried:
            moves.append(expire | {"minutes": -lost})
        if closing.carried:
            successor = self._successor()
            moves += [
                expire | {"minutes": -closing.carried, "successor_id": successor.id},
                expire
                | {
                    "kind": "grant",
                    "package_id": successor.id,
                    "minutes": closing.carried,
                },
            ]
        return moves

    def _rollover_until(self):
        """The last day on which hours that are carried over may be used, if any are."""
        self.ensure_one()
        if not self.rollover_minutes:
            return None
        if self.kind == "prepaid":
            return periods.after(self._last_day(), self.months)
        return self.contract_id._rollover_until(self._last_day())

    def _successor(self):
        """The package for what is carried over: usable for one more such period.

        Its window holds that of the old one too, so that a late entry may still take
        the hours its own period had left.
        """
        self.ensure_one()
        return self.with_context(**LEDGER.opened).create(
            {
                "contract_id": self.contract_id.id,
                "company_id": self.company_id.id,
                "commercial_partner_id": self.commercial_partner_id.id,
                "kind": "rollover",
                "origin_id": self.id,
                "date_from": self.date_from,
                "date_to": self._rollover_until(),
            }
        )

    @api.model
    def _close_ended(self, company, last_day):
        """Post the end of packages that no settlement will see: of customers whose
        contracts are over and settled.

        Safe to repeat, and after any downtime: what is posted has nothing left.
        """
        ended = self.search(
            [
                ("company_id", "=", company.id),
                ("date_to", "<=", last_day),
                ("remaining_minutes", ">", 0),
            ]
        )
        moves = self.env["service.hour.move"]
        for package in ended:
            contracts = package._contracts_served()
            if any(contract._settles_again(package.date_to) for contract in contracts):
                continue
            if contracts.try_lock_for_update(allow_referencing=True) != contracts:
                # Somebody is at work on them: the next run takes the package.
                continue
            for closing in closings([package._as_tuple()], [], last_day):
                moves._post(package._release_expired(closing.released))
                moves._post(package._expire(closing))
