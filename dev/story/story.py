"""The month of a small IT company, played through the add-on's own code.

It runs inside Odoo, in a database where the add-on was just installed. Names and
numbers are made up: the tax numbers only satisfy the check digit.
"""

import base64
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from freezegun import freeze_time

from odoo.fields import Command

from odoo.addons.helpdesk_service_contract.tools.duration import to_clock

from . import billing, coverage, remote, several, sla

ADDON = "helpdesk_service_contract"
_LOGO = Path(__file__).parents[2] / "static/description/icon.png"
LOGINS = [
    ("technician", "technik", "technik"),
    ("back office", "biuro", "biuro"),
    ("service manager", "kierownik", "kierownik"),
    ("accountant", "ksiegowa", "ksiegowa"),
    ("customer (portal)", "klient", "klient"),
    ("administrator", "admin", "admin"),
]


def play(env):
    """Set the company up, play last month, bill it, send it: a row for each contract,
    and sentences on what was sent and on the ledger behind it."""
    company = _company(env)
    today = company._service_day()
    last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    env = env["base"].with_company(company).with_context(lang="pl_PL").env
    people = _people(env)
    manager = env["base"].with_user(people["kierownik"]).env
    tiers = _tiers(manager)
    sla.promise(manager)
    back_office = env["base"].with_user(people["biuro"]).env
    contracts = _contracts(back_office, tiers, last_month)
    _portal_user(env, contracts["vip"].partner_id)
    _sell_packages(back_office, contracts, last_month)
    _log_month(env, contracts, people["technik"], last_month)
    coverage.play(env, contracts, people, last_month)
    several.play(env, contracts, people, last_month)
    remote.play(env, contracts, people, last_month)
    # Odoo makes the style sheets of PDF files in a transaction of its own, which would
    # wait for this one to let go of the company.
    env.cr.commit()
    sent = billing.play(env, contracts, people)
    _log_today(contracts, people["technik"], today)
    coverage.play_today(env, contracts, people, today)
    several.play_today(contracts, people, today)
    sla.play_today(contracts, people["technik"], coverage.report)
    remote.play_today(env, contracts, people)
    settlements = contracts["all"].settlement_ids.sorted("id")
    rows = [_row(settlement) for settlement in settlements]
    return rows, f"{sent}\n{_check(env)}"


def _company(env):
    """A Polish company with the PL chart, NIP, address and bank account."""
    company = env.company
    company.write(
        {
            "name": "Serwis IT Przykładowy sp. z o.o.",
            "street": "ul. Wzorcowa 7/2",
            "zip": "00-950",
            "city": "Warszawa",
            "country_id": env.ref("base.pl").id,
            "vat": "PL1234563218",
            "phone": "+48 22 555 01 00",
            "email": "biuro@serwis-przykladowy.example",
            "logo": base64.b64encode(_LOGO.read_bytes()),
            "paperformat_id": env.ref("base.paperformat_euro").id,
            "external_report_layout_id": env.ref("web.external_layout_standard").id,
        }
    )
    company.partner_id.lang = "pl_PL"
    env["account.chart.template"].try_loading("pl", company, install_demo=False)
    # So that the lines of an invoice add up to its total to the grosz.
    company.tax_calculation_rounding_method = "round_per_line"
    company.company_details = (
        "<p>Serwis IT Przykładowy sp. z o.o.<br/>ul. Wzorcowa 7/2<br/>"
        "00-950 Warszawa<br/>NIP 1234563218</p>"
    )
    env["res.partner.bank"].create(
        {
            "acc_number": "PL61 1090 1014 0000 0712 1981 2874",
            "partner_id": company.partner_id.id,
            "company_id": company.id,
            "allow_out_payment": True,
        }
    )
    company.service_project_id.name = "Praca serwisowa"
    if "iap_enrich_auto_done" in company._fields:
        # Nobody is to be asked on the Internet about a company that does not exist.
        company.iap_enrich_auto_done = True
    # The term's own note is English.
    env.ref("account.account_payment_term_15days").note = "Płatność: przelew, 15 dni"
    return company


def _people(env):
    """The personas, each with the rights of the role and no more."""
    env.ref("base.user_admin").lang = "pl_PL"
    groups = {
        "technik": ("Tomasz Technik", [f"{ADDON}.group_technician"]),
        "biuro": ("Beata Biurowa", [f"{ADDON}.group_back_office"]),
        "kierownik": ("Krystyna Kierownik", [f"{ADDON}.group_manager"]),
        "ksiegowa": ("Katarzyna Księgowa", ["account.group_account_manager"]),
    }
    users = {}
    for login, (name, xmlids) in groups.items():
        users[login] = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": login,
                    "password": login,
                    "name": name,
                    "email": f"{login}@serwis-przykladowy.example",
                    "lang": "pl_PL",
                    "tz": "Europe/Warsaw",
                    "group_ids": [Command.link(env.ref(xmlid).id) for xmlid in xmlids],
                }
            )
        )
        env["hr.employee"].create({"name": name, "user_id": users[login].id})
    team = env["helpdesk.ticket.team"].create(
        {"name": "Serwis", "user_ids": [Command.set(users["technik"].ids)]}
    )
    users["team"] = team
    return users


def _portal_user(env, customer):
    """Somebody of the customer's, who reports and follows tickets on the portal."""
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "login": "klient",
            "password": "klient",
            "name": "Kamila Klient",
            "email": "kamila@klient.example",
            "lang": "pl_PL",
            "tz": "Europe/Warsaw",
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        }
    ).partner_id.write({"parent_id": customer.id, "type": "contact"})


def _tiers(env):
    """The offers of the price list, with the prices of an hour beyond what is included.

    An offer without a fee is work by the hour, or hours in packages.
    """
    office_hours = _office_hours(env)
    offers = {
        "vip": Offer("Serwis VIP", 120.0, fee=290.0, fee_name="Abonament VIP"),
        "flat": Offer(
            "Ryczałt miesięczny",
            90.0,
            fee=900.0,
            fee_name="Ryczałt za opiekę informatyczną",
        ),
        "remote": Offer(
            "Pomoc zdalna według cennika",
            180.0,
            rate={"first_minutes": 30, "step_minutes": 30, "scope": "block"},
            works=("remote", "diagnosis"),
        ),
        "repair": Offer(
            "Serwis pogwarancyjny",
            120.0,
            tier={
                "express_percent": 100,
                "after_hours_percent": 50,
                "calendar_id": office_hours.id,
            },
        ),
        "package": Offer("Pakiet godzin", 120.0),
    }
    return {key: _offer(env, offer) for key, offer in offers.items()}


class Offer(NamedTuple):
    """One offer: its price of an hour, net, and what the tier and its rates say."""

    name: str
    hour_price: float
    fee: float = 0.0
    fee_name: str = ""
    tier: dict = {}
    rate: dict = {}
    works: tuple[str, ...] = ("remote", "on_site", "diagnosis")


def _offer(env, offer):
    """The tier of an offer, and the product of its fee if it has one."""
    hour = coverage.product(
        env, f"{offer.name} – godzina pracy", offer.hour_price, "product_uom_hour"
    )
    rates = [
        Command.create(
            {
                "work_type_id": env.ref(f"{ADDON}.work_type_{work_type}").id,
                "product_id": hour.id,
            }
            | offer.rate
        )
        for work_type in offer.works
    ]
    tier = env["service.tier"].create(
        {"name": offer.name, "rate_ids": rates} | offer.tier
    )
    if not offer.fee:
        return tier, None
    return tier, coverage.product(env, offer.fee_name, offer.fee, "product_uom_unit")


def _office_hours(env):
    return env["resource.calendar"].create(
        {
            "name": "Godziny serwisu 8–16",
            "tz": "Europe/Warsaw",
            "attendance_ids": [
                Command.create(
                    {
                        "name": "Godziny serwisu",
                        "dayofweek": str(day),
                        "hour_from": 8,
                        "hour_to": 16,
                    }
                )
                for day in range(5)
            ],
        }
    )


def _contracts(env, tiers, start):
    """A customer for each offer, and a second one with the VIP offer."""
    customers = {
        "vip": ("Biuro Rachunkowe Liczydło s.c.", "1111111111", "vip", 120),
        "quiet": ("Gabinet Stomatologiczny Uśmiech", "2222222222", "vip", 120),
        "flat": ("Hurtownia Papier i Kreda sp. z o.o.", "3333333333", "flat", 600),
        "remote": ("Kancelaria Paragraf i Wspólnicy", "4444444444", "remote", 0),
        "repair": ("Warsztat Samochodowy Klucz", "5555555555", "repair", 0),
        "package": ("Szkoła Językowa Papuga", "6666666666", "package", 0),
    }
    contracts = {"all": env["contract.contract"]}
    for number, (key, (name, nip, offer, minutes)) in enumerate(customers.items(), 1):
        tier, fee = tiers[offer]
        customer = env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "vat": nip,
                "street": f"ul. Zmyślona {number}",
                "zip": "30-001",
                "city": "Kraków",
                "country_id": env.ref("base.pl").id,
                "lang": "pl_PL",
                "email": f"klient{number}@klient.example",
                "property_payment_term_id": env.ref(
                    "account.account_payment_term_15days"
                ).id,
            }
        )
        contracts[key] = env["contract.contract"].create(
            {
                "name": f"{tier.name} – {name}",
                "code": f"US/{number}/{start.year}",
                "partner_id": customer.id,
                "date": start,
                "date_start": start,
                "service_tier_id": tier.id,
                "allowance_minutes": minutes,
                "recurring_rule_type": "monthlylastday",
                "recurring_invoicing_type": "post-paid",
                "contract_line_ids": [
                    Command.create(
                        {
                            "product_id": fee.id,
                            "name": fee.name,
                            "specific_price": fee.list_price,
                        }
                    )
                ]
                if fee
                else [],
            }
        )
        contracts["all"] |= contracts[key]
    return contracts


def _sell_packages(env, contracts, month):
    """Twenty hours for half a year, which stand for themselves on an invoice."""
    with freeze_time(f"{month} 09:00:00"):
        env["service.package.sale"].create(
            {
                "contract_id": contracts["package"].id,
                "minutes": 20 * 60,
                "months": 6,
                "date_from": month,
                "hour_price": 100.0,
            }
        ).action_sell()


def _log_month(env, contracts, technician, month):
    """What the technician logged last month, in minutes by ticket."""
    work = [
        ("vip", "Drukarka nie drukuje", 4, 50),
        ("vip", "Poczta nie wysyła załączników", 12, 80),
        ("quiet", "Wymiana certyfikatu e-podpisu", 7, 50),
        ("flat", "Nowe stanowisko w magazynie", 13, 320),
        ("flat", "Kopie zapasowe: próbne odtworzenie", 21, 310),
        ("package", "Przeniesienie poczty do nowej domeny", 9, 280),
    ]
    for key, name, day, minutes in work:
        ticket = _log(contracts[key], technician, name, month.replace(day=day), minutes)
        sla.serve(ticket)
    name, day = "Sterownik obrabiarki nie startuje", month.replace(day=15)
    agreed = {"express": True, "express_agreed_by": "Jan Klucz, telefonicznie, 8:40"}
    sla.serve(_log(contracts["repair"], technician, name, day, 65, **agreed))


def _log_today(contracts, technician, today):
    """What is open: one package has some hours left, another is used up."""
    work = [
        ("vip", "Wolno działa komputer w sekretariacie", 35),
        ("quiet", "Skaner zapisuje puste strony", 95),
        ("quiet", "Nie działa podpis w programie gabinetowym", 40),
        ("package", "Nowe hasła po odejściu pracownika", 50),
    ]
    for key, name, minutes in work:
        ticket = _log(contracts[key], technician, name, today, minutes)
        sla.serve(ticket, hours=None)


def _log(contract, technician, name, day, minutes, **ticket_vals):
    """A ticket of that day, with work on it, as the technician enters them."""
    with freeze_time(f"{day} 09:00:00"):
        ticket = coverage.report(
            contract.partner_id, technician, name, day, **ticket_vals
        )
        env = ticket.env
        env["account.analytic.line"].create(
            {
                "ticket_id": ticket.id,
                "date": day,
                "unit_amount": minutes / 60,
                "name": "Diagnoza i naprawa zdalna",
            }
        )
        env.flush_all()
    return ticket


def _row(settlement):
    invoice = settlement.invoice_id
    return {
        "customer": settlement.commercial_partner_id.name,
        "granted": to_clock(settlement.granted_minutes),
        "used": to_clock(settlement.used_minutes),
        "expired": to_clock(settlement.expired_minutes),
        "over": to_clock(settlement.overage_minutes),
        "net": f"{invoice.amount_untaxed:.2f}",
        "VAT": f"{invoice.amount_tax:.2f}",
        "gross": f"{invoice.amount_total:.2f}",
        "invoice": invoice.name or "–",
    }


def _check(env):
    """Play the ledger again, as a manager does, and say what came out.

    :raises RuntimeError: where the replay differs from what is posted
    """
    manager = env["base"].with_user(env.ref("base.user_admin"))
    report = manager.env["service.hour.ledger"].rebuild_check()
    if report["differences"]:
        raise RuntimeError("\n".join(report["differences"]))
    return (
        f"Ledger replayed: {report['packages']} packages, {report['moves']} moves, "
        f"{report['entries']} entries, no difference."
    )
