"""A second, much simpler ledger of hours, to hold against the real one.

It shares no code with the add-on and goes about everything in another way: hours are
handed out minute by minute, rounding counts units one after the other, and there are
no moves, only figures. All amounts are whole minutes, all days are dates.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
QUARTER = 15


def month_end(day):
    """The last day of the month that holds ``day``."""
    while (day + ONE_DAY).month == day.month:
        day += ONE_DAY
    return day


def last_of_months(first, months):
    """The last of the months from ``first``: to its end, or until the day before."""
    begin = first
    for _month in range(months):
        begin = month_end(begin) + ONE_DAY
    end = month_end(begin)
    return end if end.day < first.day else begin.replace(day=first.day) - ONE_DAY


@dataclass
class Rate:
    """How one kind of work is charged: a first unit in full, then started steps.

    ``per_ticket`` adds up the work on a ticket before it is rounded; ``factor`` is how
    many minutes a package loses for 100 billed ones.
    """

    first: int
    step: int
    per_ticket: bool
    factor: int = 100

    def rounded(self, worked):
        """Minutes charged for minutes worked."""
        charged = self.first if worked else 0
        while charged < worked:
            charged += self.step
        return charged

    def lost(self, billed):
        """Minutes a package loses for billed ones; a started minute is lost."""
        return (billed * self.factor + 99) // 100


@dataclass(eq=False)
class Contract:
    """A service contract, its monthly allowance, and until when it is settled."""

    first: date
    last: date
    allowance: int
    settled_until: date = None

    def serves(self, day):
        """Whether it is in force on a day."""
        return self.first <= day <= self.last

    def open_months(self, day):
        """First and last day of each month not settled yet that begins by ``day``."""
        begin = self.settled_until + ONE_DAY if self.settled_until else self.first
        while begin <= min(day, self.last):
            end = month_end(begin)
            yield begin, min(end, self.last)
            begin = end + ONE_DAY

    def settles_again(self, day):
        """Whether a month with work of ``day`` or before is still to be settled."""
        last = min(day, self.last)
        return self.first <= last and (
            self.settled_until is None or self.settled_until < last
        )


@dataclass(eq=False, repr=False)
class Package:
    """Hours of one contract, or of all where ``contract`` is None.

    ``ends`` is the day its hours are lost after; ``window_end`` is what is printed,
    and differs for the allowance of a contract that ends within a month. ``due`` is
    what the sale of it entitles to, ``by_sale`` what was granted for that.
    """

    serial: int
    contract: Contract
    first: date
    ends: date
    window_end: date
    granted: int = 0
    used: int = 0
    expired: int = 0
    sold: int = 0
    by_sale: int = 0
    overused: int = 0

    def __repr__(self):
        return f"<package {self.serial}: {self.first} to {self.ends}>"

    @property
    def left(self):
        """What is neither used nor lost."""
        return self.granted - self.used - self.expired

    @property
    def order(self):
        """What ends first is used first; then what began first."""
        return self.ends, self.first, self.serial

    def admits(self, entry):
        """Whether work may be paid with these hours."""
        mine = self.contract in (None, entry.contract)
        return mine and self.first <= entry.day <= self.ends

    def sync(self, due):
        """Grant, or take back, so that the sale stands for ``due`` minutes.

        What is used cannot be taken back, and is counted as overused.
        """
        change = due - self.by_sale
        if change >= 0:
            self.overused = 0
        else:
            back = min(-change, self.granted - self.used)
            self.overused = -change - back
            change = -back
        self.by_sale += change
        self.granted += change
        self.expired = min(self.expired, self.granted - self.used)


@dataclass
class Sale:
    """The invoice of a package, and what the customer may use by its state."""

    policy: str
    minutes: int
    state: str = "draft"
    ever_posted: bool = False
    paid: bool = False
    credited: int = 0

    @property
    def due(self):
        """Minutes the sale entitles to at this moment."""
        usable = {
            "at_once": self.state in ("draft", "posted"),
            "posted": self.state == "posted",
            "paid": self.state == "posted" and self.paid,
        }
        return self.minutes - self.credited if usable[self.policy] else 0

    def events(self):
        """What an accountant may do with the invoice now."""
        open_posted = self.state == "posted" and self.credited < self.minutes
        possible = {
            "action_post": self.state == "draft",
            "button_cancel": self.state == "draft",
            # Only what was never posted may be deleted.
            "unlink": self.state == "draft" and not self.ever_posted,
            "button_draft": self.state == "cancelled"
            or (open_posted and not self.paid and not self.credited),
            "pay": open_posted and not self.paid,
            "credit": open_posted,
        }
        return [event for event, is_possible in possible.items() if is_possible]

    def happens(self, event, minutes=0):
        """Let one of the events happen; ``minutes`` are those of a credit note."""
        states = {
            "action_post": "posted",
            "button_cancel": "cancelled",
            "unlink": "deleted",
            "button_draft": "draft",
        }
        self.state = states.get(event, self.state)
        self.ever_posted |= event == "action_post"
        self.paid |= event == "pay"
        self.credited += minutes


@dataclass(eq=False, repr=False)
class Entry:
    """Work; ``start`` is its minute of the day, 0 where nobody noted it.

    ``contract`` is None while somebody has to choose it.
    """

    serial: int
    ticket: int
    contract: Contract
    rate: Rate
    day: date
    start: int
    minutes: int
    charge: str = "full"
    settled: bool = False
    result: "Result" = None

    def __repr__(self):
        return f"<entry {self.serial}: {self.minutes} min on {self.day}>"

    @property
    def order(self):
        """By work date, start and number: the order of typing comes last."""
        return self.day, self.start, self.serial

    @property
    def rounded_with(self):
        """What shares one rounded total; free work has totals of its own."""
        alone = None if self.rate.per_ticket else self.serial
        free = self.charge == "free"
        return id(self.contract), self.ticket, id(self.rate), alone, free


@dataclass
class Result:
    """Where the billed minutes of an entry go, and what each package loses for it."""

    billed: int
    packages: int = 0
    overage: int = 0
    free: int = 0
    burned: dict = field(default_factory=dict)


class Ledger:
    """All contracts, packages and entries of one customer."""

    def __init__(self, contracts):
        self.contracts = contracts
        # What people chose for each ticket, the latest last.
        self.chosen = {}
        self.packages = []
        self.entries = []
        self.serial = 0

    def number(self):
        """The next number, for whatever is made."""
        self.serial += 1
        return self.serial

    def contract_on(self, ticket, day):
        """The contract of a ticket on a day: the last one chosen of those in force, or
        the only one; None where it is open."""
        in_force = [c for c in self.contracts if c.serves(day)]
        chosen = [c for c in self.chosen[ticket] if c in in_force]
        if chosen:
            return chosen[-1]
        return in_force[0] if len(in_force) == 1 else None

    def is_held(self, ticket, contract):
        """Whether settled work of a ticket is in the way of another contract."""
        return any(
            entry.settled
            and entry.ticket == ticket
            and entry.contract is not contract
            and contract.serves(entry.day)
            for entry in self.entries
        )

    def move(self, ticket, contract):
        """Choose another contract for a ticket; its open work follows."""
        self.chosen[ticket].append(contract)
        for entry in self.entries:
            if entry.ticket == ticket and not entry.settled:
                entry.contract = self.contract_on(ticket, entry.day)

    def open_entries(self, day):
        """Work until ``day`` that is not settled, in the order it is served."""
        found = [
            e for e in self.entries if e.contract and not e.settled and e.day <= day
        ]
        return sorted(found, key=lambda entry: entry.order)

    def allowance(self, contract, first, last):
        """The package of a month, which comes before one sold for the same days."""
        package = Package(0, contract, first, last, month_end(last))
        days = (last - first).days + 1
        whole = month_end(last).day
        # By days, and every started quarter of an hour, but never more than all of it.
        while (
            package.granted < contract.allowance
            and package.granted * whole < contract.allowance * days
        ):
            package.granted = min(contract.allowance, package.granted + QUARTER)
        return package

    def allowances_due(self, day):
        """Allowances of months not settled, which count as if they were granted."""
        return [
            self.allowance(contract, first, last)
            for contract in self.contracts
            for first, last in contract.open_months(day)
            if contract.allowance
        ]

    def plan(self, day):
        """Results of the open work until ``day`` by entry, and the allowances due."""
        due = self.allowances_due(day)
        packages = sorted([*self.packages, *due], key=lambda package: package.order)
        # Lost hours may still pay for late work of their own days.
        left = {package: package.granted - package.used for package in packages}
        worked, billed = {}, {}
        for entry in (entry for entry in self.entries if entry.settled):
            group = entry.rounded_with
            worked[group] = worked.get(group, 0) + entry.minutes
            billed[group] = billed.get(group, 0) + entry.result.billed
        results = {}
        for entry in self.open_entries(day):
            group = entry.rounded_with
            worked[group] = worked.get(group, 0) + entry.minutes
            total = entry.rate.rounded(worked[group])
            new = max(0, total - billed.get(group, 0))
            billed[group] = billed.get(group, 0) + new
            results[entry] = self.serve(entry, new, packages, left)
        return results, due

    def serve(self, entry, billed, packages, left):
        """Hand out the billed minutes of an entry one by one."""
        result = Result(billed)
        paid = {}
        for _minute in range(billed if entry.charge != "free" else 0):
            for package in packages:
                so_far = paid.get(package, 0)
                lost = entry.rate.lost(so_far + 1)
                if package.admits(entry) and lost <= left[package]:
                    paid[package] = so_far + 1
                    break
        for package, minutes in paid.items():
            result.burned[package] = entry.rate.lost(minutes)
            left[package] -= result.burned[package]
        result.packages = sum(paid.values())
        rest = billed - result.packages
        result.free, result.overage = (0, rest) if entry.charge == "full" else (rest, 0)
        return result

    def pending(self, day):
        """Minutes that open work until ``day`` takes, by package."""
        results, due = self.plan(day)
        pending = {package: 0 for package in [*self.packages, *due]}
        for result in results.values():
            for package, burned in result.burned.items():
                pending[package] += burned
        return pending

    def balance(self, contract, day):
        """The figures a person reads of a contract on ``day``."""
        results, _due = self.plan(day)
        current = {
            package: pending
            for package, pending in self.pending(day).items()
            if package.contract in (None, contract)
            and package.first <= day <= package.ends
        }
        granted = sum(package.granted for package in current)
        used = sum(package.used for package in current)
        expired = sum(package.expired for package in current)
        pending = sum(current.values())
        return {
            "granted": granted,
            "used": used,
            "expired": expired,
            "pending": pending,
            "available": max(0, granted - used - expired - pending),
            "overage": sum(
                result.overage
                for entry, result in results.items()
                if entry.contract is contract
            ),
        }

    def settle(self, contract, day):
        """Settle the months that ended by ``day``; whether anything was settled."""
        months = [month for month in contract.open_months(day) if month[1] <= day]
        for first, last in months:
            if contract.allowance:
                self.packages.append(self.allowance(contract, first, last))
            contract.settled_until = last
            self.post(contract, last)
        late = contract.settled_until == contract.last and any(
            entry.contract is contract for entry in self.open_entries(contract.last)
        )
        if late:
            self.post(contract, contract.last)
        return bool(months or late)

    def post(self, contract, day):
        """Lock the entries of a contract, and take what is left of ended packages."""
        results, _due = self.plan(day)
        for entry, result in results.items():
            if entry.contract is contract:
                entry.settled, entry.result = True, result
                for package, burned in result.burned.items():
                    package.used += burned
                    unused = package.granted - package.used
                    package.expired = min(package.expired, unused)
        for package in self.packages:
            if package.contract in (None, contract) and package.ends <= day:
                package.expired = package.granted - package.used

    def close_ended(self, day):
        """What is left of packages whose contracts are over and settled is lost."""
        for package in self.packages:
            served = [package.contract] if package.contract else self.contracts
            waits = any(c.settles_again(package.window_end) for c in served)
            if package.window_end <= day and not waits:
                package.expired = package.granted - package.used
