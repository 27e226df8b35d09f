"""The end of the month: billed, posted, sent to a stand-in for KSeF, and corrected."""

from doubles.offices import offices

from .sending import send


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
        send(env, invoices, accountant)
        note = _correct(contracts["flat"], accountant)
        send(env, note, accountant)
        return (
            f"Sent to a stand-in for KSeF: {len(ksef.accepted())} invoices accepted, "
            f"{len(sink.messages)} e-mails; one invoice was corrected."
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
