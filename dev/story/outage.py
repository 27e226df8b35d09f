"""KSeF away and back: invoices issued offline, and what the JPK says of them."""

from .sending import send


def play(env, ksef, invoices, accountant):
    """The ministry announces a failure while the first invoices of the month go out.

    The customers get them with both codes, and are filed without a number. Then KSeF
    is back and gets them, in order.

    :returns: a sentence on what became of them
    """
    connection = env["service.ksef.connection"]._of(env.company)
    connection.status_url = ksef.url.replace("/v2", "/latarnia")
    ksef.down, ksef.word = True, {"status": "FAILURE"}
    send(env, invoices, accountant)
    invoices.with_user(accountant).action_note_jpk_filed()
    filed = {move.service_jpk_filed for move in invoices}
    handed_over = invoices.filtered("service_handed_over_on")
    ksef.down, ksef.word = False, {"status": "AVAILABLE"}
    invoices.with_user(accountant).action_retry_sending()
    send(env, invoices, accountant)
    connection.status_url = False
    got = invoices.filtered("l10n_pl_edi_number")
    return (
        f"KSeF failed meanwhile: {len(handed_over)} invoices were handed over offline "
        f"and filed as {', '.join(sorted(filed))}; KSeF got {len(got)} of them later."
    )
