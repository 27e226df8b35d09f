"""The part of the story that is about who pays: warranty, complaints, basic support.

Customers here have no contract, or ask for what theirs does not cover.
"""

from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Command

from . import sla

ADDON = "helpdesk_service_contract"


def play(env, contracts, people, month):
    """Tiers beside the contracts, items of customers, and a month of such tickets."""
    manager = env["base"].with_user(people["kierownik"]).env
    categories = _categories(manager)
    channels = _channels(manager)
    _ad_hoc(manager, categories)
    _warranty(manager, channels)
    _basic(manager, categories, channels)
    sla.promise(manager)
    _terms_of_vip(contracts["vip"].service_tier_id.with_env(manager), categories)
    customers = _customers(env, people)
    items = _items(env, people, contracts, customers, month)
    _tickets_of_the_month(env, contracts, people, customers, items, month)


def play_today(env, contracts, people, today):
    """A ticket for each kind of decision, for the panel that explains it."""
    technician, office = people["technik"], people["biuro"]
    category = {c.name: c.id for c in env["helpdesk.ticket.category"].search([])}
    channel = {c.name: c.id for c in env["helpdesk.ticket.channel"].search([])}
    items = {item.name: item for item in env["maintenance.equipment"].search([])}
    vip = contracts["vip"].partner_id
    printers = items["Drukarka sieciowa"]
    report(
        vip,
        technician,
        "Drukarka sieciowa gubi papier",
        today,
        item_id=printers.id,
        channel_id=channel.get("Telefon"),
    )
    expert = category["Naprawa bazy danych"]
    report(vip, technician, "Odzyskanie bazy programu", today, category_id=expert)
    shop = items["Program magazynowy"].customer_id
    licence = {"item_id": items["Program magazynowy"].id}
    report(
        shop,
        technician,
        "Komunikat przy zamykaniu miesiąca",
        today,
        category_id=category["Komunikaty programu"],
        **licence,
    )
    report(
        shop,
        technician,
        "Ponowna instalacja po wymianie serwera",
        today,
        category_id=category["Instalacja i konfiguracja"],
        **licence,
    )
    earlier = env["helpdesk.ticket"].search(
        [("partner_id", "=", contracts["quiet"].partner_id.id)], limit=1
    )
    report(
        contracts["quiet"].partner_id,
        technician,
        "Certyfikat znowu nie działa",
        today,
        complaint_of_id=earlier.id,
    )
    needless = report(
        contracts["quiet"].partner_id, technician, "Monitor nie świeci", today
    )
    judge(needless, office, "report", "unjustified", "Monitor był wyłączony.")


def report(customer, technician, name, day, **vals):
    """A ticket of that day, as the technician enters it."""
    with freeze_time(vals.get("reported_at") or f"{day} 09:00:00"):
        tickets = customer.with_user(technician).env["helpdesk.ticket"]
        return tickets.create(
            {
                "name": name,
                "description": name,
                "partner_id": customer.id,
                "partner_name": customer.name,
                "partner_email": customer.email,
                "user_id": technician.id,
                "team_id": technician.sudo().helpdesk_team_ids[:1].id,
            }
            | vals
        )


def judge(ticket, office, name, verdict, reason):
    """The verdict of back office, by its own dialog."""
    wizard = ticket.with_user(office).env["service.verdict"]
    wizard.with_context(default_ticket_id=ticket.id).create(
        {name: verdict, "reason": reason}
    ).action_apply()


def work(ticket, day, minutes, work_type, what):
    with freeze_time(f"{day} 15:00:00"):
        ticket.env["account.analytic.line"].create(
            {
                "ticket_id": ticket.id,
                "date": day,
                "unit_amount": minutes / 60,
                "name": what,
                "work_type_id": ticket.env.ref(f"{ADDON}.work_type_{work_type}").id,
            }
        )
        ticket.env.flush_all()


def _categories(env):
    categories = env["helpdesk.ticket.category"]
    found = {}
    for name, parent in (
        ("Komunikaty programu", None),
        ("Instalacja i konfiguracja", None),
        ("Usługi eksperckie", None),
        ("Naprawa bazy danych", "Usługi eksperckie"),
    ):
        found[name] = categories.create(
            {"name": name, "parent_id": parent and found[parent].id}
        )
    return found


def _channels(env):
    return {
        name: env["helpdesk.ticket.channel"].create({"name": name})
        for name in ("E-mail", "Telefon", "Portal klienta")
    }


def product(env, name, price, unit):
    """A service, sold with the tax of services in Poland."""
    tax = env.ref(f"account.{env.company.id}_vs_kraj_usl_23")
    return env["product.product"].create(
        {
            "name": name,
            "type": "service",
            "list_price": price,
            "uom_id": env.ref(f"uom.{unit}").id,
            "taxes_id": [Command.set(tax.ids)],
        }
    )


def _rate(env, work_type, product, **vals):
    return Command.create(
        {
            "work_type_id": env.ref(f"{ADDON}.work_type_{work_type}").id,
            "product_id": product.id,
        }
        | vals
    )


def _tier(env, name, kind, product, **vals):
    rates = [_rate(env, kind_of, product) for kind_of in ("remote", "diagnosis")]
    return env["service.tier"].create(
        {"name": name, "kind": kind, "rate_ids": rates} | vals
    )


def _ad_hoc(env, categories):
    """The retail price list: by the started hour, trips at a flat fee; what only an
    expert does is quoted."""
    remote = product(env, "Pomoc doraźna – godzina pracy", 160.0, "product_uom_hour")
    visit = product(env, "Wizyta serwisanta – godzina", 200.0, "product_uom_hour")
    trip = product(env, "Dojazd", 80.0, "product_uom_unit")
    expert = {"category_id": categories["Usługi eksperckie"].id, "treatment": "quote"}
    tier = _tier(
        env,
        "Cennik detaliczny",
        "ad_hoc",
        remote,
        express_percent=100,
        scope_ids=[Command.create(expert)],
    )
    travel = {"flat_product_id": trip.id, "step_minutes": 0, "uses_packages": False}
    tier.rate_ids = [
        _rate(env, "on_site", visit),
        _rate(env, "travel", visit, **travel),
    ]


def _warranty(env, channels):
    free = product(env, "Praca gwarancyjna", 0.0, "product_uom_hour")
    email = [Command.set(channels["E-mail"].ids)]
    _tier(env, "Gwarancja", "warranty", free, channel_ids=email)


def _basic(env, categories, channels):
    """Free help with the program, and the contract for everything else."""
    free = product(env, "Pomoc podstawowa", 0.0, "product_uom_hour")
    care = product(
        env, "Stały nadzór nad programem – stanowisko", 400.0, "product_uom_unit"
    )
    template = env["contract.template"].create(
        {
            "name": "Stały nadzór nad programem",
            "company_id": env.company.id,
            "contract_line_ids": [
                Command.create(
                    {
                        "product_id": care.id,
                        "name": "Stały nadzór nad programem, stanowisko na rok",
                        "specific_price": 400.0,
                    }
                )
            ],
        }
    )
    taken = [Command.set((channels["E-mail"] | channels["Telefon"]).ids)]
    covered = {"category_id": categories["Komunikaty programu"].id}
    _tier(
        env,
        "Podstawowa pomoc techniczna",
        "basic",
        free,
        channel_ids=taken,
        other_categories="not_covered",
        scope_ids=[Command.create(covered | {"treatment": "covered"})],
        offer_template_id=template.id,
    )


def _terms_of_vip(tier, categories):
    expert = {"category_id": categories["Usługi eksperckie"].id, "treatment": "quote"}
    tier.write({"free_unjustified": 4, "scope_ids": [Command.create(expert)]})


def _customers(env, people):
    partners = env["res.partner"].with_user(people["biuro"])
    rows = [
        ("Piekarnia Bochenek i Syn", "7777777777"),
        ("Księgarnia Pod Zakładką", "8888888888"),
    ]
    return [
        partners.create(
            {
                "name": name,
                "is_company": True,
                "vat": nip,
                "street": f"ul. Zmyślona {20 + number}",
                "zip": "30-001",
                "city": "Kraków",
                "country_id": env.ref("base.pl").id,
                "lang": "pl_PL",
                "email": f"sklep{number}@klient.example",
            }
        )
        for number, (name, nip) in enumerate(rows)
    ]


def _items(env, people, contracts, customers, month):
    items = env["maintenance.equipment"].with_user(people["biuro"])
    vip = contracts["vip"].partner_id
    return {
        "printer": items.create(
            {
                "name": "Drukarka sieciowa",
                "serial_no": "DS-2041",
                "customer_id": vip.id,
                "company_id": env.company.id,
                "warranty_date": month.replace(year=month.year + 1),
            }
        ),
        "server": items.create(
            {
                "name": "Serwer plików",
                "serial_no": "SP-0007",
                "customer_id": vip.id,
                "company_id": env.company.id,
                "warranty_date": month - timedelta(days=200),
            }
        ),
        "program": items.create(
            {
                "name": "Program magazynowy",
                "customer_id": customers[1].id,
                "company_id": env.company.id,
                "licence_bought_on": month - timedelta(days=90),
                "workstation_count": 3,
            }
        ),
    }


def _tickets_of_the_month(env, contracts, people, customers, items, month):
    technician, office = people["technik"], people["biuro"]
    day = month.replace(day=6)
    printer = {"item_id": items["printer"].id}
    vip = contracts["vip"].partner_id
    repair = report(vip, technician, "Drukarka sieciowa zacina papier", day, **printer)
    work(repair, day, 180, "remote", "Wymiana rolek w ramach gwarancji")
    sla.serve(repair, after=600, hours=200, why="Część przyszła po tygodniu.")
    bakery = customers[0]
    first = report(bakery, technician, "Kasa nie łączy się z programem", day)
    work(first, day, 50, "remote", "Konfiguracja połączenia")
    sla.serve(first)
    again = month.replace(day=9)
    complaint = report(
        bakery,
        technician,
        "Kasa znowu nie działa – reklamacja",
        again,
        complaint_of_id=first.id,
    )
    work(complaint, again, 80, "on_site", "Uszkodzony kabel przy ladzie")
    work(complaint, again, 40, "travel", "Dojazd")
    reason = "Kabel przecięto przy remoncie, nasza konfiguracja działa."
    judge(complaint, office, "complaint", "unjustified", reason)
    sla.serve(complaint)
