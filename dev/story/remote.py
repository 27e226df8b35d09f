"""The part of the story that is about remote help: terms, consent, sessions."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command

from odoo.addons.helpdesk_service_contract.tools.consent import Statement

from . import coverage, sla

_UTC, _WARSAW = ZoneInfo("UTC"), ZoneInfo("Europe/Warsaw")
_REGULATIONS = """
<h3>1. Czym jest pomoc zdalna</h3>
<p>Technik łączy się z komputerem, który udostępnia mu użytkownik, ustala przyczynę
kłopotu i w miarę możliwości usuwa ją na odległość. Naprawy baz danych, prace
programistyczne i konfiguracja serwerów nie są pomocą zdalną: wyceniamy je osobno.</p>
<h3>2. Zanim zaczniemy</h3>
<p>Termin ustala technik z użytkownikiem. Przed każdą sesją użytkownik potwierdza, że
może udostępnić ten komputer, że ma kopię zapasową i że będzie przy nim przez cały
czas.</p>
<h3>3. W czasie sesji</h3>
<p>Użytkownik widzi wszystko, co robi technik, i w każdej chwili może przerwać
połączenie. Sesji nie nagrywamy, chyba że użytkownik wyraźnie się na to zgodzi.
Zachowujemy w poufności wszystko, czego się przy tym dowiemy.</p>
<h3>4. Opłaty</h3>
<p>Czas liczymy od rozpoczęcia do zakończenia sesji, według cennika. Jeżeli sprawy nie
da się załatwić zdalnie, dalszy ciąg, na przykład wizytę, ustalamy i wyceniamy osobno.
</p>
"""


def play(env, contracts, people, month):
    """Terms that hold since last month, and a session that was held under them."""
    admin = env["base"].with_user(env.ref("base.user_admin")).env
    office, tier = contracts["remote"].partner_id, contracts["remote"].service_tier_id
    others = admin["service.tier"].search([("id", "!=", tier.id)])
    # Who reports what warranty or basic support does not cover pays by the same prices.
    retail = others.filtered(lambda other: other.kind != "contract")
    with freeze_time(f"{month} 07:00:00"):
        text = {"text": _REGULATIONS}
        _publish(admin, "Regulamin pomocy zdalnej", "regulations", month, **text)
        for name, sold, tiers in (
            ("Cennik pomocy zdalnej", tier, tier),
            ("Cennik detaliczny", retail._first(tier.company_id, "ad_hoc"), retail),
            *((f"Cennik: {one.name}", one, one) for one in others - retail),
        ):
            _publish(admin, name, "price_list", month, sold=sold, tiers=tiers)
    lawyer = _contact(env, people, office, "Paulina Paragraf")
    _contact(env, people, contracts["vip"].partner_id, "Lidia Liczydło")
    day = month.replace(day=14)
    ticket = coverage.report(
        lawyer, people["technik"], "Profil zaufany nie działa w przeglądarce", day
    )
    session = _session(ticket, people["technik"], "482 190 337")
    start = datetime.combine(day, time(12, 0), _WARSAW)
    agree(session, start - timedelta(minutes=20))
    _hold(session, start, 35, "Zaktualizowano przeglądarkę i wtyczkę podpisu.")
    sla.serve(ticket)


def play_today(env, contracts, people):
    """A session that runs, one that waits for consent, and one agreed for tomorrow."""
    technician = people["technik"]
    lawyer = env["res.partner"].search([("name", "=", "Paulina Paragraf")])
    accountant = env["res.partner"].search([("name", "=", "Lidia Liczydło")])
    now = fields.Datetime.now().replace(tzinfo=_UTC)
    today = now.astimezone(_WARSAW).date()
    running = _session(
        _report(lawyer, technician, "Skrzynka odbiorcza jest pełna", now),
        technician,
        "482 190 337",
    )
    agree(running, now - timedelta(minutes=25), recording=True)
    with freeze_time(_naive(now - timedelta(minutes=12))):
        running.action_start()
        env.flush_all()
    _session(
        _report(accountant, technician, "Program kadrowy zgłasza błąd licencji", now),
        technician,
        "913 554 208",
    )
    tomorrow = datetime.combine(today + timedelta(days=1), time(11, 0), _WARSAW)
    planned = _session(
        _report(lawyer, technician, "Nowy komputer: przeniesienie profilu", now),
        technician,
        "",
        planned_start=_naive(tomorrow),
    )
    agree(planned, now - timedelta(minutes=5))


def connect_tool(env):
    """A row for the table of logins: a program that may act for every customer.

    Its key stands where people have a password; it opens the API and no screen.
    """
    tools = env["service.gateway.client"]
    tool, key = tools._connect("Monitoring", env.company, env["res.partner"])
    return "connected tool (API)", tool.login, key


def agree(session, moment, **statements):
    """What the person at the computer accepts on the page of the invitation."""
    env = session.env
    with freeze_time(_naive(moment)):
        missing = env["service.consent"]._missing(session)
        env["service.terms.acceptance"]._record(
            session.person_id,
            session.company_id,
            {
                "channel": "link",
                "given_at": fields.Datetime.now(),
                "address": "203.0.113.24",
            }
            | dict.fromkeys(Statement, True)
            | statements,
            versions=env["service.terms.version"].browse(
                version.id for version in missing.versions
            ),
            session=session,
        )
        env.flush_all()


def _publish(env, name, kind, day, *, sold=None, tiers=None, **vals):
    """Version 1 of a document; a price list is written from the rates of a tier."""
    terms = env["service.terms"].create(
        {"name": name, "kind": kind, "tier_ids": tiers and [Command.set(tiers.ids)]}
    )
    version = env["service.terms.version"].create(
        {"terms_id": terms.id, "lang": "pl_PL", "in_force_from": day} | vals
    )
    if sold:
        fill = env["service.terms.price.fill"]
        fill.create({"version_id": version.id, "tier_id": sold.id}).action_fill()
    version.action_publish()


def _contact(env, people, customer, name):
    partners = env["res.partner"].with_user(people["biuro"])
    login = name.split()[0].lower()
    return partners.create(
        {
            "name": name,
            "parent_id": customer.id,
            "email": f"{login}@klient.example",
            "phone": "+48 600 100 200",
            "lang": "pl_PL",
        }
    )


def _report(person, technician, name, now):
    reported = _naive(now - timedelta(minutes=40))
    return coverage.report(person, technician, name, now.date(), reported_at=reported)


def _session(ticket, technician, number, **vals):
    sessions = ticket.env["service.remote.session"].with_user(technician)
    return sessions.create({"ticket_id": ticket.id, "connection_number": number} | vals)


def _hold(session, start, minutes, note):
    with freeze_time(_naive(start)):
        session.action_start()
        session.env.flush_all()
    with freeze_time(_naive(start + timedelta(minutes=minutes))):
        session._end("solved", note)
        session.env.flush_all()


def _naive(moment):
    return moment.astimezone(_UTC).replace(tzinfo=None)
