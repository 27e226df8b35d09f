from odoo import models

from ...tools.machine_mail import OURS

LAYOUT = "helpdesk_service_contract.notice_layout"
# What people write, as against what is sent by itself.
WRITTEN = ("comment", "email")


class HelpdeskTicket(models.Model):
    """What customers are told by itself: a template, as mail of the company."""

    _inherit = "helpdesk.ticket"

    def _send_notice(self, template, layout=LAYOUT):
        """Send a mail template to the customer's person, in their language.

        It is kept on the ticket, so it holds no price: technicians read it. An archived
        template is not sent.

        :param template: the template or its xmlid
        """
        self.ensure_one()
        # sudo: moving a ticket takes no right to templates and contacts
        ticket = self.sudo()
        if isinstance(template, str):
            template = ticket.env.ref(template)
        address = ticket._customer_address()
        if not template.active or not address:
            return ticket.env["mail.message"]
        template = template.sudo().with_env(ticket.env)
        (lang,) = template._render_lang(ticket.ids).values()
        lang = lang or ticket.partner_id.lang or ticket.company_id.partner_id.lang
        return ticket.with_context(lang=lang).message_post(
            **template.with_context(lang=lang)._notice_of(ticket),
            author_id=ticket.company_id.partner_id.id,
            email_add_signature=False,
            email_layout_xmlid=layout,
            message_type="auto_comment",
            # Also to who has just reported it, or moved it, on the portal.
            notify_author=True,
            outgoing_email_to=False if ticket.partner_id else address,
            partner_ids=ticket.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _track_post_template_finalize(self):
        """Of a ticket that was typed in when it was closed already nobody is told."""
        tickets = self.with_context(made_closed=self.stage_id.closed)
        return super(HelpdeskTicket, tickets)._track_post_template_finalize()

    def _message_track_post_template(self, changes):
        result = super()._message_track_post_template(changes)
        moved = changes and "stage_id" in changes
        if moved and not self.env.context.get("made_closed"):
            for ticket in self.filtered("stage_id.mail_template_id"):
                template = ticket.stage_id.mail_template_id
                ticket._send_notice(template, ticket._layout_of_stage())
        return result

    def _track_template(self, changes):
        """OCA's own way sends them without a header, and in Odoo's name."""
        templates = super()._track_template(changes)
        templates.pop("stage_id", None)
        return templates

    def _layout_of_stage(self):
        """Hook: the layout of what the stage sends."""
        return LAYOUT

    def _notify_by_email_get_base_mail_values(
        self, message, recipients_data, additional_values=None
    ):
        """What nobody wrote says so, lest machines answer it."""
        values = dict(additional_values or {})
        if message.message_type not in WRITTEN:
            values["headers"] = OURS | (values.get("headers") or {})
        return super()._notify_by_email_get_base_mail_values(
            message, recipients_data, additional_values=values
        )

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """What a customer writes reaches somebody of us, whoever follows the ticket."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if not self or not self._is_written_from_outside(message):
            return recipients
        if any(one["uid"] and not one["share"] for one in recipients):
            return recipients
        vals = dict(msg_vals or {})
        known = vals.get("partner_ids") or message.partner_ids.ids
        vals["partner_ids"] = [*known, *self._attending().partner_id.ids]
        return super()._notify_get_recipients(message, vals, **kwargs)

    def _is_written_from_outside(self, message):
        """Whether a message is somebody's word who is none of us, and no new ticket's.

        Of new tickets the team is told apart from the mail.
        """
        # sudo: who wrote it decides, visible or not
        message = message.sudo()
        return (
            message.message_type in WRITTEN
            and not self._is_made_by(message)
            and all(user.share for user in message.author_id.user_ids)
        )
