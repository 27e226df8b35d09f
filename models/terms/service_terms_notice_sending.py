import logging

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.tools import split_every

from ...tools.groups import OFFICE
from ...tools.machine_mail import OURS

TEMPLATE = "helpdesk_service_contract.mail_template_terms"
BATCH = 50

_logger = logging.getLogger(__name__)


class ServiceTermsNotice(models.Model):
    """The e-mails of the notices, so many at a time.

    E-mails are made and committed before they leave, and each is committed as sent
    when it has left: a run that is interrupted sends at most one twice, the one that
    was leaving.
    """

    _inherit = "service.terms.notice"

    @api.model
    def _cron_send(self):
        """Send what waits, of all companies."""
        cron = self.env["ir.cron"]
        due = self.search([("state", "=", "waiting")], order="version_id, id")
        cron._commit_progress(remaining=len(due))
        files = {}
        for ids in split_every(BATCH, due.ids):
            batch = self.browse(ids).try_lock_for_update(allow_referencing=True)
            batch.invalidate_recordset()
            batch = batch.filtered(lambda notice: notice.state == "waiting")
            batch._prepare_mails(files)
            cron._commit_progress()
            batch._send_mails()
            if not cron._commit_progress(len(ids)):
                return

    def _prepare_mails(self, files):
        """Make the e-mails of these notices, apart from those that have theirs.

        :param dict files: attachments of this run by version, which it adds to
        """
        unneeded = self.filtered(
            lambda notice: (
                notice.version_id.standing == "superseded"
                or not notice.version_id.terms_id.active
            )
        )
        unneeded._give_up()
        unwritten = (self - unneeded).filtered(lambda notice: not notice.mail_id)
        without = unwritten.filtered(lambda notice: not notice.email)
        without.write(
            {
                "state": "no_address",
                "reason": self.env._("Enter an e-mail address, then retry."),
            }
        )
        for version, same in (unwritten - without).grouped("version_id").items():
            try:
                with self.env.cr.savepoint():
                    same._write_mails(version, files)
            except Exception as error:  # noqa: BLE001 - one document stops no other
                if not isinstance(error, UserError):
                    _logger.exception("Notices of version %s failed", version.id)
                same.write({"state": "failed", "reason": str(error)})

    def _give_up(self):
        """Nobody needs to know any more; what has been sent stays sent."""
        waiting = self.filtered(lambda notice: notice.state == "waiting")
        waiting.mail_id.filtered(lambda mail: mail.state == "outgoing").cancel()
        waiting.state = "obsolete"

    def _write_mails(self, version, files):
        attachment = files.get(version) or self._attachment(version)
        template = self.env.ref(TEMPLATE).with_company(version.company_id)
        mails = template.send_mail_batch(
            self.ids,
            # What became of an e-mail is read from it afterwards.
            email_values={
                "attachment_ids": attachment.ids,
                "auto_delete": False,
                "headers": repr(OURS),
            },
        )
        for notice, mail in zip(self, mails, strict=True):
            notice.mail_id = mail
        files[version] = attachment

    def _attachment(self, version):
        """The PDF of a version, as a file that only the system can change."""
        name, content = version._file()
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "res_model": self._name,
                "res_id": self[0].id,
            }
        )

    def _send_mails(self):
        """Let the e-mails leave, and note what became of each."""
        waiting = self.filtered(lambda notice: notice.state == "waiting")
        outgoing = waiting.mail_id.filtered(lambda mail: mail.state == "outgoing")
        # As the queue of Odoo's e-mails does: not in tests, which are undone.
        outgoing.send(auto_commit=not modules.module.current_test)
        for notice in waiting:
            mail = notice.mail_id
            if mail.state == "sent":
                notice.write({"state": "sent", "sent_at": fields.Datetime.now()})
            elif mail.state != "outgoing":
                reason = mail.failure_reason or mail.failure_type or mail.state
                notice.write({"state": "failed", "reason": reason})


class ServiceTerms(models.Model):
    """Nobody is told of a document that is archived."""

    _inherit = "service.terms"

    def write(self, vals):
        result = super().write(vals)
        archived = self.filtered(lambda terms: not terms.active)
        if "active" in vals and archived:
            # sudo: a manager archives; notices follow from it
            notices = self.env["service.terms.notice"].sudo()
            notices.search(
                [
                    ("version_id.terms_id", "in", archived.ids),
                    ("state", "=", "waiting"),
                ]
            )._give_up()
        return result


class ServiceTermsVersion(models.Model):
    """Who was told of a version."""

    _inherit = "service.terms.version"

    notice_ids = fields.One2many(
        "service.terms.notice",
        "version_id",
        groups=OFFICE,
    )
    told = fields.Char(
        compute="_compute_told",
        groups=OFFICE,
        help="How many customers under contract have been notified, out of those to be "
        "notified.",
    )

    @api.depends("notice_ids.state")
    def _compute_told(self):
        groups = self.env["service.terms.notice"]._read_group(
            [("version_id", "in", self.ids), ("state", "!=", "obsolete")],
            ["version_id", "state"],
            ["__count"],
        )
        all_, sent = {}, {}
        for version, state, count in groups:
            all_[version] = all_.get(version, 0) + count
            if state == "sent":
                sent[version] = count
        for version in self:
            due = all_.get(version._origin, 0)
            counts = {"sent": sent.get(version._origin, 0), "all": due}
            version.told = bool(due) and self.env._(
                "notified %(sent)s of %(all)s", **counts
            )

    def action_open_notices(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_terms_notice_action"
        ) | {"domain": [("version_id", "=", self.id)]}
