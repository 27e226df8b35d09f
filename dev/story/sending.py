"""Sending in the story: queued by the accountant, done by the job."""

# Sent, asked about and mailed, asked whether the mail server took it.
_ROUNDS = 3


def send(env, invoices, accountant):
    """Queue the invoices as the accountant, and let the job run; it commits."""
    invoices.with_user(accountant).action_queue_sending()
    for _round in range(_ROUNDS):
        env["service.settlement"]._cron_print()
        env["account.move"]._cron_send()
    return invoices
