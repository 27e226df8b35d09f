"""The part of the story that is about a customer with three contracts at once.

A printing house has the VIP offer for its web server, a flat fee for one office, and
supervision of its warehouse program.
"""

from odoo.fields import Command

from . import coverage, sla

ADDON = "helpdesk_service_contract"
SERVER, OFFICE, PROGRAM = "Serwer WWW sklepu", "Biuro Mokotów", "Program magazynowy WMS"


def play(env, contracts, people, month):
    """The contracts, what tells them apart, and a month of tickets."""
    manager = env["base"].with_user(people["kierownik"]).env
    back_office = env["base"].with_user(people["biuro"]).env
    category = manager["helpdesk.ticket.category"].create({"name": PROGRAM})
    customer = back_office["res.partner"].create(
        {
            "name": "Drukarnia Czcionka sp. z o.o.",
            "is_company": True,
            "vat": "9999999999",
            "street": "ul. Zmyślona 9",
            "zip": "30-001",
            "city": "Kraków",
            "country_id": env.ref("base.pl").id,
            "lang": "pl_PL",
            "email": "drukarnia@klient.example",
        }
    )
    office = back_office["res.partner"].create(
        {"name": OFFICE, "parent_id": customer.id, "type": "other"}
    )
    vip, flat = contracts["vip"].service_tier_id, contracts["flat"].service_tier_id
    flat.with_env(manager).scope_ids = [
        Command.create({"category_id": category.id, "treatment": "not_covered"})
    ]
    hosting = _contract(contracts["vip"], customer, 7, month, covers_listed_items=True)
    place = {"place_ids": [Command.set(office.ids)]}
    of_office = _contract(contracts["flat"], customer, 8, month, **place)
    supervision = _contract(
        contracts["vip"],
        customer,
        9,
        month,
        service_tier_id=_supervision(manager, vip, category).id,
        name=f"Nadzór nad programem WMS – {customer.name}",
        allowance_minutes=480,
        contract_line_ids=[],
    )
    contracts["several"] = hosting | of_office | supervision
    contracts["all"] |= contracts["several"]
    server = back_office["maintenance.equipment"].create(
        {
            "name": SERVER,
            "customer_id": customer.id,
            "service_contract_id": hosting.id,
        }
    )
    _month(people, customer, month, server, office, category)


def _contract(like, customer, number, start, **vals):
    """A contract on the terms of another customer's."""
    fee = like.contract_line_ids
    lines = [
        Command.create(
            {
                "product_id": fee.product_id.id,
                "name": fee.name,
                "specific_price": fee.price_unit,
            }
        )
    ]
    return like.create(
        {
            "name": f"{like.service_tier_id.name} – {customer.name}",
            "code": f"US/{number}/{start.year}",
            "partner_id": customer.id,
            "date": start,
            "date_start": start,
            "service_tier_id": like.service_tier_id.id,
            "allowance_minutes": like.allowance_minutes,
            "recurring_rule_type": "monthlylastday",
            "recurring_invoicing_type": "post-paid",
            "contract_line_ids": lines,
        }
        | vals
    )


def _supervision(env, vip, category):
    """Hours for one program alone, at the VIP price beyond them."""
    product = vip.rate_ids[:1].product_id
    return env["service.tier"].create(
        {
            "name": "Nadzór nad programem",
            "other_categories": "not_covered",
            "scope_ids": [
                Command.create({"category_id": category.id, "treatment": "covered"})
            ],
            "rate_ids": [
                Command.create(
                    {
                        "work_type_id": env.ref(f"{ADDON}.work_type_{kind}").id,
                        "product_id": product.id,
                    }
                )
                for kind in ("remote", "diagnosis")
            ],
        }
    )


def _month(people, customer, month, server, office, category):  # noqa: PLR0913, PLR0917
    """One ticket for each contract, each found by another fact."""
    technician = people["technik"]
    reports = [
        ("Sklep nie odpowiada", 5, 50, "remote", {"item_id": server.id}),
        ("Nowa drukarka w biurze", 12, 130, "on_site", {"place_id": office.id}),
        ("WMS nie drukuje etykiet", 19, 70, "remote", {"category_id": category.id}),
    ]
    for name, day, minutes, kind, vals in reports:
        date = month.replace(day=day)
        ticket = coverage.report(customer, technician, name, date, **vals)
        coverage.work(ticket, date, minutes, kind, "Diagnoza i naprawa")
        sla.serve(ticket)


def play_today(contracts, people, today):
    """A mail that tells nothing of where it belongs: the ticket asks."""
    customer = contracts["several"].partner_id
    coverage.report(customer, people["technik"], "Coś nie działa od rana", today)
