from odoo import fields, models

from ..tools.consent import Statement


class ServiceRemoteSession(models.Model):
    """Taking back the consent to a recording, as easily as it was given.

    Apart from what a session is, so that either file is read in one go.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "service.remote.session"

    def _withdraw_recording(self, given):
        """Record that the person does not agree to a recording any more.

        What they stated for the session stays.

        :param given: the channel, and the network address the click came from
        """
        self.ensure_one()
        last = self.env["service.consent"]._consent(self)
        if not last.recording:
            return
        acceptance = self.env["service.terms.acceptance"]._record(
            self.person_id,
            self.company_id,
            given
            | {"given_at": fields.Datetime.now(), "recording": False}
            | {str(name): last[name] for name in Statement},
            session=self,
            wording=last.wording,
        )
        # The row written makes two clicks at once one.
        self._move_on(agreed_at=acceptance.given_at)
        reader = self.with_context(lang=self.user_id.lang)
        reader._note(
            reader.env._(
                "%s does not agree to a recording any more: do not record the remote "
                "session.",
                acceptance.person_name,
            ),
            partner_ids=self.user_id.partner_id.ids,
            author_id=acceptance.person_id.id,
        )
