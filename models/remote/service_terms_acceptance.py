from odoo import api, fields, models

from ...tools.consent import Statement


class ServiceTermsAcceptance(models.Model):
    """What a person states for one remote session, beside the terms they accept."""

    _inherit = "service.terms.acceptance"

    session_id = fields.Many2one(
        "service.remote.session",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    ticket_id = fields.Many2one(related="session_id.ticket_id")
    entitled = fields.Boolean(
        string="Has the Right to Share the Computer", readonly=True, default=False
    )
    backup = fields.Boolean(string="Has a Backup", readonly=True, default=False)
    present = fields.Boolean(string="Will Be Present", readonly=True, default=False)
    recording = fields.Boolean(
        string="Consents to Recording", readonly=True, default=False
    )
    wording = fields.Json(
        readonly=True, help="The statements as they were shown, by name."
    )

    @api.model
    def _wording(self):
        """The statements in the language of the reader, by the name of the field."""
        return {
            "entitled": self.env._(
                "I have the right to share this computer with the technician."
            ),
            "backup": self.env._(
                "I have a backup from which the computer can be restored to its "
                "state before the changes."
            ),
            "present": self.env._(
                "I will be at the computer for the whole session, watch what is done "
                "and work together with the technician."
            ),
            "recording": self.env._("I consent to the session being recorded."),
        }

    @api.model
    def _prepare(self, person, company, given, versions, *, session=None, wording=None):
        """Statements count for one session.

        :param given: holds the statements that were made as well, by name
        :param session: the session the statements are for, which has not begun
        :param wording: the statements as they were shown, where not in the language
            of the reader
        """
        vals = super()._prepare(person, company, given, versions, session=session)
        if not session:
            return vals
        session._check_planned()
        return vals | {
            "session_id": session.id,
            "wording": wording or self._wording(),
        }

    @api.model
    def _agrees_to_anything(self, given, versions, *, session=None):
        made = any(given.get(name) for name in [*Statement, "recording"])
        return super()._agrees_to_anything(given, versions) or bool(session and made)
