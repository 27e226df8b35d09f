import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Datetime

from odoo.addons.l10n_pl_edi.tools.ksef_api_service import KsefApiService

from ...tools.ksef_trouble import PASSING, Kind, Trouble, trouble_of
from .service_ksef_connection import MODE

_logger = logging.getLogger(__name__)

INVOICES = ("out_invoice", "out_refund")


class _Service(KsefApiService):
    """`l10n_pl_edi` knows nothing of invoices that are issued offline."""

    beside = {}

    def _make_request(self, method, endpoint, *args, **kwargs):
        if method == "POST" and endpoint.endswith("/invoices"):
            kwargs["json"] = kwargs["json"] | self.beside
        return super()._make_request(method, endpoint, *args, **kwargs)


class ServiceKsef(models.AbstractModel):
    """The one place that deals with KSeF, over Odoo's ``l10n_pl_edi``.

    Versions of that add-on differ in how they send and when they ask. We use what they
    share, the requests themselves; this package decides about everything else.

    An accountant may send, although the certificate and the tokens of the company are
    kept from all but administrators: hence each ``sudo``.
    """

    _name = "service.ksef"
    _description = "KSeF Connection"

    @api.model
    def _is_due(self, move):
        """Whether the invoice must go to KSeF: it is issued when KSeF has it."""
        if move.move_type not in INVOICES:
            return False
        company = move.company_id
        if not company._goes_to_ksef() or move._is_outside_for_good():
            return False
        return (
            move.commercial_partner_id._is_ksef_customer(company)
            and not move._is_below_ksef_limit()
        )

    @api.model
    def _is_test(self):
        """Whether the server talks to KSeF's test environment."""
        # sudo: parameters are kept from people
        mode = self.env["ir.config_parameter"].sudo().get_param(MODE)
        return (mode or "prod") != "prod"

    @api.model
    def _status(self, move):
        """“sent”, “accepted”, “rejected”, or nothing yet."""
        return move.l10n_pl_edi_status

    @api.model
    def _api(self, company, **beside):
        """The requests of `l10n_pl_edi`.

        :param beside: what is told of an invoice beside what that add-on tells
        """
        # sudo: tokens and certificate are for administrators, sending is not
        service = _Service(company.sudo())
        service.beside = beside
        return service

    @api.model
    def _reach(self, company):
        """Have an open session with KSeF: why there is none, or an empty text."""
        connection = self.env["service.ksef.connection"]._of(company)
        if obstacle := connection._obstacle():
            return obstacle
        signs_in = connection._must_sign_in()
        trouble = self._trouble_with(self._enter, connection, signs_in)
        if trouble and trouble.kind not in PASSING and not signs_in:
            # `l10n_pl_edi` gives up on a session that KSeF does not know any more, and
            # on tokens that ended.
            trouble = self._trouble_with(self._enter, connection, True)
        failure = self._sentence(trouble) if trouble else ""
        connection._note_failure(failure)
        return failure

    @api.model
    def _enter(self, connection, signs_in):
        """Have an open session, after signing in anew where that is asked for."""
        company = connection.company_id.sudo()  # sudo: see ``_api``
        if signs_in:
            connection._sign_in()
            company.l10n_pl_edi_session_id = False
        self._api(company).open_ksef_session()

    @api.model
    def _trouble_with(self, call, *args):
        """The trouble that a call to KSeF ends in, if any; it leaves nothing then."""
        try:
            with self.env.cr.savepoint():
                call(*args)
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - what is unexpected is logged
            return self._trouble_of(error)
        return None

    @api.model
    def _asked(self, call, *args, **kwargs):
        """What a request to KSeF answers.

        :raises UserError: with a sentence about what went wrong
        """
        try:
            return call(*args, **kwargs)
        except OperationalError:
            raise
        except Exception as error:
            raise UserError(self._sentence(self._trouble_of(error))) from error

    @api.model
    def _trouble_of(self, error):
        if isinstance(error, UserError):
            return trouble_of(error)
        _logger.error("KSeF was asked in vain", exc_info=error)
        return trouble_of(error)._replace(words="")

    @api.model
    def _sentence(self, trouble: Trouble):
        """What somebody who sends invoices needs to know; no words of a library."""
        match trouble.kind:
            case Kind.AWAY:
                return self.env._("KSeF is not available at present.")
            case Kind.SLOW:
                return self.env._(
                    "KSeF did not answer in time. Before anything is sent again, KSeF "
                    "is asked whether it has it."
                )
            case Kind.BUSY:
                return self.env._("KSeF takes no more requests at present.")
            case Kind.REFUSED:
                return self.env._(
                    "KSeF does not let the company in. An administrator checks its "
                    "certificate under Settings › Invoicing, and its permissions in "
                    "KSeF. %s",
                    trouble.words,
                ).strip()
            case Kind.UNKNOWN:
                return self.env._("KSeF does not know what it was asked about.")
        if trouble.words:
            return self.env._("KSeF refused the request: %s", trouble.words)
        return self.env._("The response from KSeF could not be understood.")

    @api.model
    def _ask_soon(self):
        """Let the queue run in a minute: by then KSeF has usually decided, and the mail
        server has taken the e-mail or not."""
        cron = self.env.ref("helpdesk_service_contract.cron_sending")
        cron._trigger(Datetime.add(Datetime.now(), minutes=1))
