import logging
from datetime import UTC, datetime

import requests

from odoo import api, models
from odoo.fields import Datetime

from ...tools.ksef_offline import read_word

_logger = logging.getLogger(__name__)
# Seconds. It is asked while invoices wait.
_PATIENCE = 5


class ServiceKsef(models.AbstractModel):
    """The ministry's status service, which is asked where KSeF itself does not answer.

    It may be away as well, and then says nothing.
    """

    _inherit = "service.ksef"

    @api.model
    def _reach(self, company):
        failure = super()._reach(company)
        outages = self.env["service.ksef.outage"]
        connection = self.env["service.ksef.connection"]._of(company)
        # An outage that has been told of is over when the service says so, and not
        # when KSeF happens to answer.
        if connection.status_url and connection.sends:
            if failure or outages._lasting(company):
                self._ask_status_service(connection)
        return failure

    @api.model
    def _ask_status_service(self, connection):
        if word := self._word_of_status_service(connection.status_url):
            outages = self.env["service.ksef.outage"]
            outages._note_word(connection.company_id, word)

    @api.model
    def _word_of_status_service(self, address):
        try:
            response = requests.get(
                f"{address.rstrip('/')}/status",
                timeout=_PATIENCE,
                allow_redirects=False,
            )
            response.raise_for_status()
            answer = response.json()
        except (requests.RequestException, ValueError) as error:
            _logger.warning("The status service of KSeF does not answer: %s", error)
            return None
        now = datetime.replace(Datetime.now(), tzinfo=UTC)
        return read_word(answer, now) if isinstance(answer, dict) else None
