import inspect, sys, textwrap, time
from unittest.mock import patch
from odoo.tests import tagged
from odoo.addons.helpdesk_service_contract.tools import allocation, ledger, rating
from . import test_ledger_stateful as base
from .common import ServiceCommon


def mutated(owner, name, old, new, module):
    source = textwrap.dedent(inspect.getsource(getattr(owner, name)))
    assert old in source, (name, old)
    space = dict(vars(module))
    exec(source.replace(old, new), space)
    return space[name]


@tagged("post_install", "-at_install")
class TestMutants(base.TestLedgerStateful):
    def test_whatever_happens_the_ledger_is_that_of_the_model(self):
        pass

    def caught(self, name):
        start = time.monotonic()
        try:
            super().test_whatever_happens_the_ledger_is_that_of_the_model()
        except BaseException as e:
            lines = [l for l in str(e).splitlines() if l][:1]
            print(f"MUTANT {name}: caught after {time.monotonic() - start:.0f} s: {type(e).__name__} {lines}", file=sys.stderr)
        else:
            print(f"MUTANT {name}: SURVIVED", file=sys.stderr)

    def cls(self, model):
        return type(self.env[model])

    def mro_owner(self, model, name):
        return next(c for c in self.cls(model).__mro__ if name in vars(c))

    def test_a(self):
        f = mutated(allocation, "allocate", "b.last_day, b.first_day, b.id", "-b.last_day.toordinal(), b.first_day, b.id", allocation)
        with patch.object(ledger, "allocate", f):
            self.caught("a: newest package first")

    def test_b1(self):
        with patch.object(self.mro_owner("contract.contract", "_late_entries"), "_late_entries", lambda s: s.env["account.analytic.line"]):
            self.caught("b1: late entry lost")

    def test_b2(self):
        owner = self.mro_owner("service.hour.ledger", "_open_entries")
        f = mutated(owner, "_open_entries", 'Domain("settlement_id", "=", False)', 'Domain("id", "!=", 0)', sys.modules[owner.__module__])
        with patch.object(owner, "_open_entries", f):
            self.caught("b2: settled entry taken again")

    def test_c(self):
        with patch.object(self.mro_owner("service.hour.package", "_expire"), "_expire", lambda s, c: []):
            self.caught("c: expiry not posted")

    def test_d(self):
        with patch.object(rating.Work, "order", property(lambda s: (s.id,))):
            self.caught("d: order of typing")

    def test_e(self):
        owner = self.mro_owner("service.hour.package", "_due_minutes")
        f = mutated(owner, "_due_minutes", "part = min(", "part = 0 * min(", sys.modules[owner.__module__])
        with patch.object(owner, "_due_minutes", f):
            self.caught("e: credit note reduces nothing")


@tagged("post_install", "-at_install")
class TestRepro(ServiceCommon):
    def test_tie(self):
        self.tier.rate_ids.scope = "entry"
        contract = self._create_contract(start="2026-02-01", allowance_minutes=120)
        package = self._sell(contract, 120, 1, "2026-02-01")
        ticket = self._create_ticket(day="2026-02-01")
        self._log_on(ticket, 60, "2026-02-10")
        from freezegun import freeze_time
        with freeze_time("2026-02-12 12:00:00"):
            print("REPRO before: prepaid pending", package.pending_minutes, file=sys.stderr)
        self._settle(contract, "2026-02-28")
        print("REPRO after: prepaid consumed", package.consumed_minutes, file=sys.stderr)
