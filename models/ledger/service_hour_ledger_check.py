from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from ...tools import replay
from ...tools.charging import Share
from ...tools.groups import MANAGER

CHUNK = 200


class ServiceHourLedger(models.AbstractModel):
    """Proves the ledger: plays it again and compares it with what is posted."""

    _inherit = "service.hour.ledger"

    @api.model
    def rebuild_check(self):
        """Replay the hours of the user's companies, and report any difference.

        For managers, from the screen or over RPC. Nothing is changed.

        :return: counts of ``packages``, ``moves`` and ``entries`` that were compared,
            and the ``differences`` as sentences; none if all is well
        """
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._("Only service managers can check the hour ledger.")
            )
        # sudo: the proof is of the whole ledger, entries of all technicians included
        packages = self.env["service.hour.package"].sudo()
        packages = packages.search([("company_id", "in", self.env.companies.ids)])
        contracts = self.env["contract.contract"].sudo().with_context(active_test=False)
        contracts = contracts.search(
            [
                ("company_id", "in", self.env.companies.ids),
                ("settlement_ids", "!=", False),
            ]
        )
        report = {"packages": 0, "moves": 0, "entries": 0, "differences": []}
        customer_of = {package: package._customer() for package in packages}
        customers = contracts.commercial_partner_id.union(*customer_of.values())
        for start in range(0, len(customers), CHUNK):
            chunk = customers[start : start + CHUNK]
            self._check_customers(
                packages.filtered(lambda p, c=chunk: customer_of[p] in c),
                contracts.filtered(lambda k, c=chunk: k.commercial_partner_id in c),
                report,
            )
            self.env.invalidate_all()
        return report

    @api.model
    def _check_customers(self, packages, contracts, report):
        settlements = contracts.settlement_ids
        pools = {}
        for records, name in ((packages, "packages"), (settlements, "settlements")):
            for record in records:
                if name == "packages":
                    customer = record._customer()
                else:
                    customer = record.contract_id.commercial_partner_id
                key = record.company_id, customer
                pools.setdefault(key, {}).setdefault(name, records.browse())
                pools[key][name] |= record
        for found in pools.values():
            mine = found.get("packages", packages.browse())
            settled = found.get("settlements", settlements.browse())
            report["packages"] += len(mine)
            report["moves"] += len(mine.move_ids)
            report["entries"] += len(settled.entry_ids)
            book = self._replay(mine, settled)
            report["differences"] += [
                *self._package_differences(mine, book),
                *self._entry_differences(settled.entry_ids, book),
                *self._settlement_differences(settled),
            ]

    @api.model
    def _replay(self, packages, settlements):
        """The book of one customer, played from the beginning."""
        rating = self.env["service.rating"]
        # In the order of posting; a settlement stands behind what it knew.
        events = [
            ((move.id, 0, 0), self._event(move))
            for move in packages.move_ids
            if not move.settlement_id and self._is_fact(move)
        ]
        for settlement in settlements:
            position = settlement.posted_after_id, settlement.id
            events += [
                ((*position, 0), self._event(move))
                for move in settlement.move_ids
                if self._is_fact(move)
            ]
            entries = [
                replay.Entry(*rating._replayed(entry.id, entry.rating))
                for entry in settlement.entry_ids
            ]
            period = replay.Settlement(
                settlement.contract_id.id,
                settlement.date_to,
                entries,
                self._reserved(settlement),
            )
            events.append(((*position, 1), period))
        book = replay.Book(
            [
                package._as_tuple()._replace(last_day=self._end_after(package, 0))
                for package in packages
            ],
            {
                package.origin_id.id: package.id
                for package in packages.filtered("origin_id")
            },
        )
        for _position, event in sorted(events, key=lambda pair: pair[0]):
            book.play(event)
        return book

    @api.model
    def _reserved(self, settlement):
        """What the settlement kept for others; JSON makes strings of the keys."""
        return {
            fields.Date.to_date(day): {
                int(id_): minutes for id_, minutes in kept.items()
            }
            for day, kept in (settlement.reserved or {}).items()
        }

    @api.model
    def _is_fact(self, move):
        """Whether a move is given to the replay, and not what it must find by itself.

        The end of a package outside of settlements is given as a moment only.
        """
        if move.kind == "expire":
            return not move.settlement_id
        if move.kind == "release":
            return bool(move.reason)
        carried = move.kind == "grant" and move.package_id.origin_id
        return move.kind in ("grant", "adjust") and not carried

    @api.model
    def _end_after(self, package, move_id):
        """The end that a package had after a move; its contract may end later now."""
        ended = package.move_ids.filtered(
            lambda move: move.kind == "expire" and move.id > move_id
        )
        return (
            min(ended, key=lambda move: move.id).date if ended else package._last_day()
        )

    @api.model
    def _event(self, move):
        if move.kind == "expire":
            return replay.End(move.package_id.id)
        if move.kind == "release":
            end = self._end_after(move.package_id, move.id)
            return replay.Reopening(move.package_id.id, move.minutes, end)
        return replay.Grant(move.package_id.id, move.minutes)

    @api.model
    def _package_differences(self, packages, book):
        for package in packages:
            again = book.packages[package.id]
            by_moves = self._totals(package)
            for name in ("granted", "used", "expired", "carried"):
                replayed, posted = getattr(again, name), package[f"{name}_minutes"]
                if not replayed == posted == by_moves[name]:
                    yield self.env._(
                        "Package %(package)s, %(name)s: %(replayed)s min by replay, "
                        "%(posted)s on the package, %(moves)s in its moves.",
                        package=package.display_name,
                        name=package._fields[f"{name}_minutes"]._description_string(
                            self.env
                        ),
                        replayed=replayed,
                        posted=posted,
                        moves=by_moves[name],
                    )

    @api.model
    def _totals(self, package):
        totals = dict.fromkeys(("granted", "used", "expired", "carried"), 0)
        for move in package.move_ids:
            kind = move.released_id.kind or move.kind
            if kind == "consume":
                totals["used"] -= move.minutes
            elif kind == "expire":
                totals["expired"] -= move.minutes
                totals["carried"] -= move.minutes if move.successor_id else 0
            else:
                totals["granted"] += move.minutes
        return totals

    @api.model
    def _entry_differences(self, entries, book):
        taken = {}
        for (entry_id, package_id), minutes in book.taken.items():
            if minutes:
                taken.setdefault(entry_id, {})[package_id] = minutes
        for entry in entries:
            replayed = Share.sum(book.shares[entry.id])
            kept = entry.rating
            if kept["day"] != str(entry.date):
                label = entry._fields["date"]._description_string(self.env)
                days = (kept["day"], entry.date)
                yield self._entry_difference(
                    entry, label, *(format_date(self.env, day) for day in days)
                )
            figures = {
                "worked_minutes": sum(part[0] for part in kept["parts"]),
                "billed_minutes": replayed.billed,
                "package_minutes": replayed.packages,
                "overage_minutes": replayed.overage,
                "free_minutes": replayed.free,
            }
            for name, minutes in figures.items():
                if entry[name] != minutes:
                    label = entry._fields[name]._description_string(self.env)
                    yield self._entry_difference(entry, label, minutes, entry[name])
            used = {
                package.id: -sum(moves.mapped("minutes"))
                for package, moves in entry.move_ids.grouped("package_id").items()
            }
            if used != taken.get(entry.id, {}):
                by_replay = sum(taken.get(entry.id, {}).values())
                label = self.env._("Used From Each Package")
                yield self._entry_difference(
                    entry, label, by_replay, sum(used.values())
                )

    @api.model
    def _entry_difference(self, entry, label, replayed, posted):
        return self.env._(
            "Entry of %(day)s on %(ticket)s, %(name)s: %(replayed)s after replay, "
            "%(posted)s on record.",
            day=format_date(self.env, entry.date),
            ticket=entry.ticket_id.display_name,
            name=label,
            replayed=replayed,
            posted=posted,
        )

    @api.model
    def _settlement_differences(self, settlements):
        """What settlements say they came to, against their entries and moves."""
        for settlement, totals in settlements._totals().items():
            for name, minutes in totals.items():
                if settlement[name] != minutes:
                    yield self.env._(
                        "Settlement %(settlement)s, %(name)s: %(stored)s min stored, "
                        "%(found)s in its entries and moves.",
                        settlement=settlement.display_name,
                        name=settlement._fields[name]._description_string(self.env),
                        stored=settlement[name],
                        found=minutes,
                    )

    @api.model
    def action_rebuild_check(self):
        """Check, and say on the screen what came out."""
        report = self.rebuild_check()
        differences = report["differences"]
        if differences:
            message = "\n".join(differences[:20])
            if len(differences) > len(differences[:20]):
                message += "\n…"
        else:
            message = self.env._(
                "Replayed %(packages)s packages, %(moves)s moves and %(entries)s "
                "entries: no difference.",
                **{name: report[name] for name in ("packages", "moves", "entries")},
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Hour Ledger Check"),
                "message": message,
                "type": "danger" if differences else "success",
                "sticky": True,
            },
        }
