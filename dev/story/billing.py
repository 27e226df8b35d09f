"""The end of the month: billed, posted, sent to a stand-in for KSeF, and corrected."""

from doubles import ksef as stand_in
from doubles.offices import offices

from . import outage
from .sending import send

# So many of the month's invoices meet a failure of KSeF.
_OFFLINE = 2


def play(env, contracts, people):
    """Bill and post the month, send it, and correct what a customer disputes.

    :returns: a sentence on what KSeF and the customers got
    """
    accountant = people["ksiegowa"]
    invoices = _bill(env, contracts, people)
    invoices.with_user(accountant).with_context(
        force_report_rendering=True
    ).action_post()
    with offices(env, env.company) as (ksef, sink):
        stand_in.enroll_offline(env.company)
        offline = invoices.sorted("id")[:_OFFLINE]
        told = outage.play(env, ksef, offline, accountant)
        send(env, invoices - offline, accountant)
        note = _correct(contracts["flat"], accountant)
        more = _raise(contracts["vip"], accountant)
        send(env, note | more, accountant)
        # Those of the failure were filed as OFF, and stay so.
        filed = (invoices - offline) | note | more
        filed.with_user(accountant).action_note_jpk_filed()
        return (
            f"Sent to a stand-in for KSeF: {len(ksef.accepted())} invoices accepted, "
            f"{len(sink.messages)} e-mails; one invoice was lowered, one raised.\n"
            f"{told}"
        )


def _bill(env, contracts, people):
    """Back office runs the billing: all drafts there are."""
    run = env["service.billing.run"].with_user(people["biuro"]).create({})
    run.action_bill()
    contracts["all"] |= env["contract.contract"].search(
        [("service_tier_id.kind", "=", "ad_hoc")]
    )
    packages = contracts["all"].package_ids.with_user(people["ksiegowa"])
    return run.sudo().invoice_ids | packages.invoice_line_ids.move_id.sudo()


def _raise(contract, accountant):
    """A quarter of an hour was forgotten."""
    invoice = contract.settlement_ids.invoice_id.with_user(accountant)[:1]
    more = invoice.browse(invoice.action_raise()["res_id"])
    more.service_correction_reason = "Pominięto kwadrans pracy"
    more.invoice_line_ids[:1].quantity = 0.25
    more.action_post()
    return more


def _correct(contract, accountant):
    """Half an hour of what is beyond the package was our own mistake."""
    invoice = contract.settlement_ids.invoice_id.with_user(accountant)
    wizard = invoice.env["account.move.reversal"].with_context(
        active_model=invoice._name, active_ids=invoice.ids
    )
    wizard = wizard.create(
        {
            "reason": "Pół godziny z 21. dnia miesiąca zapisano dwa razy",
            "journal_id": invoice.journal_id.id,
        }
    )
    note = invoice.browse(wizard.refund_moves()["res_id"])
    work = note.invoice_line_ids.filtered(lambda line: line.quantity == 2)  # noqa: PLR2004
    (note.invoice_line_ids - work).unlink()
    work.quantity = 0.5
    note.action_post()
    return note
