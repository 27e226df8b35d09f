from odoo import api, models
from odoo.tools import format_datetime

from ..tools.moments import local

STATEMENTS = ("entitled", "backup", "present")


class AcceptanceConfirmation(models.AbstractModel):
    """What a person agreed to, on paper, in their language."""

    _name = "report.helpdesk_service_contract.acceptance_confirmation"
    _description = "Confirmation of Acceptance"

    @api.model
    def _get_report_values(self, docids, data=None):
        acceptances = self.env["service.terms.acceptance"].browse(docids)
        # Who may not read an acceptance gets no paper of it either.
        acceptances.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "service.terms.acceptance",
            "docs": acceptances,
            "lang_of": self._lang,
            "moment": self._moment,
            "seen": self._seen,
            "statements": self._statements,
        }

    @api.model
    def _lang(self, acceptance):
        # sudo: the paper is in the person's language, whoever prints it
        return acceptance.sudo().person_id.lang or self.env.lang

    @api.model
    def _seen(self, acceptance, name):
        """A field of it, for those who may know that one."""
        field = acceptance._fields[name]
        return acceptance._has_field_access(field, "read") and acceptance[name]

    @api.model
    def _moment(self, acceptance):
        """When, by the clock of the company, with its zone and distance from UTC."""
        zone = acceptance.company_id.sudo()._service_zone()
        moment = local(acceptance.given_at, zone)
        lang = self._lang(acceptance)
        words = format_datetime(
            self.with_context(lang=lang).env,
            acceptance.given_at,
            tz=str(zone),
            dt_format="d MMMM y, HH:mm:ss",
            lang_code=lang,
        )
        return f"{words} ({zone}, UTC{moment.isoformat()[-6:]})"

    @api.model
    def _statements(self, acceptance):
        """Each statement as it was worded when shown, and whether it was made."""
        wording = acceptance.wording or {}
        return [(wording.get(name), acceptance[name]) for name in STATEMENTS]
