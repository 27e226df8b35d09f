from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date, format_datetime

from ...tools.groups import ACCOUNTANT, ADMINISTRATOR
from ...tools.guard import Guard, Seal

CONNECTION = Seal("ksef_connection")
MODE = "l10n_pl_edi_ksef.mode"
# The value of that parameter in the words of `l10n_pl_edi`.
MODES = {"production": "prod", "test": "test"}
# KSeF lets a refresh token live seven days; the queue may rest over a long weekend.
SIGN_IN_AGAIN = timedelta(days=3)
HOUR = timedelta(hours=1)
CONFIRMS = "account.group_account_manager"
_CONFIRMED = ("environment", "confirmed_for", "confirmed_vat", "confirmed_on")
_HEALTH = ("signed_in_on", "reached_on", "failing_since", "failure")


class ServiceKsefConnection(models.Model):
    """Which KSeF a company's invoices go to, who said so for this very database, and
    how the connection fares.

    Nothing goes to KSeF before somebody has confirmed it here. A copy of the database
    is another database, and needs a confirmation of its own.
    """

    _name = "service.ksef.connection"
    _description = "Connection to KSeF"
    _inherit = ["service.guarded", "mail.thread", "mail.activity.mixin"]
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    environment = fields.Selection(
        [("test", "Test"), ("production", "Production")], readonly=True, tracking=True
    )
    confirmed_for = fields.Char(
        readonly=True, groups=ADMINISTRATOR, help="The database it was confirmed for."
    )
    confirmed_vat = fields.Char(string="Confirmed Tax Number", readonly=True)
    confirmed_on = fields.Datetime(readonly=True)
    signed_in_on = fields.Datetime(string="Signed In", readonly=True)
    reached_on = fields.Datetime(string="Last Reached", readonly=True)
    failing_since = fields.Datetime(readonly=True)
    failure = fields.Text(readonly=True)
    warning_days = fields.Integer(
        string="Warn Before a Certificate Ends",
        default=30,
        help="Days. Accountants get an activity then.",
    )
    certificate_end = fields.Datetime(
        string="Certificate Valid Until", compute="_compute_certificate_end"
    )
    offline_certificate_end = fields.Datetime(
        string="Offline Certificate Valid Until", compute="_compute_certificate_end"
    )
    status_url = fields.Char(
        string="Status Service",
        help="Address of the ministry's service that tells of outages of KSeF, such as "
        "https://api-latarnia.ksef.mf.gov.pl. It is asked while KSeF does not answer; "
        "empty: it is not asked.",
    )
    sentence = fields.Char(string="State", compute="_compute_sentence")
    sends = fields.Boolean(compute="_compute_sentence")

    _company_uniq = models.UniqueIndex("(company_id)")

    @api.model
    def _guards(self):
        facts = frozenset({*_CONFIRMED, *_HEALTH, "company_id"})
        everything = Guard(seal=CONNECTION, creation=True, deletion=True)
        return (*super()._guards(), everything, Guard(facts, CONNECTION))

    @api.model
    def _of(self, company):
        """The connection of a company; there is one from the first question on."""
        # sudo: whether invoices may leave is decided the same for everybody
        connections = self.sudo()
        found = connections.search([("company_id", "=", company.id)])
        if not found:
            opened = connections.with_context(**CONNECTION.opened)
            found = opened.create({"company_id": company.id}).with_env(connections.env)
        return found

    @api.model
    def _this_database(self):
        """What a copy does not share: its name, and the number the server gave it.

        The uuid alone stays the same where a dump is restored.
        """
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        self.env.cr.execute(
            SQL("SELECT oid FROM pg_database WHERE datname = current_database()")
        )
        return f"{uuid}/{self.env.cr.dbname}/{self.env.cr.fetchone()[0]}"

    def _obstacle(self):
        """Why nothing may go to KSeF, and who can change that; empty if nothing is in
        the way."""
        return self._leave_missing() or self._certificate_obstacle()

    def _leave_missing(self):
        """As above, but for the certificate."""
        self.ensure_one()
        connection = self.sudo()  # sudo: see ``_of``
        # sudo: parameters are kept from people
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param("database.is_neutralized"):
            return self.env._("This is a neutralized copy: nothing is sent to KSeF.")
        if not connection.environment:
            what = self.env._(
                "Nothing is sent to KSeF: nobody has chosen between its test and its "
                "production environment."
            )
        elif connection.confirmed_for != self._this_database():
            what = self.env._(
                "Nothing is sent to KSeF: this database was copied, moved or restored "
                "since that was confirmed. Only one of the copies may send."
            )
        elif connection.confirmed_vat != self._vat():
            what = self.env._(
                "Nothing is sent to KSeF: it was confirmed for the tax number %s.",
                connection.confirmed_vat,
            )
        elif parameters.get_param(MODE) != MODES[connection.environment]:
            what = self.env._(
                "Nothing is sent to KSeF: the server is set to another environment "
                "than the one that was confirmed."
            )
        else:
            return ""
        who = self.env._(
            "An accounting administrator confirms it under Invoicing › Customers › "
            "Connection to KSeF."
        )
        return f"{what} {who}"

    def _certificate_obstacle(self):
        end = self.certificate_end
        if not end:
            return self.env._(
                "The company has no certificate for KSeF, and invoices stay in the "
                "queue: an administrator enters one under Settings › Invoicing."
            )
        if end > fields.Datetime.now():
            return ""
        return self.env._(
            "The company's certificate for KSeF ended on %s. Invoices stay in the "
            "queue. Get a new one from KSeF; an administrator enters it under "
            "Settings › Invoicing.",
            format_date(self.env, end),
        )

    def _check_leave(self):
        """Refuse whatever would talk to KSeF without leave.

        A certificate that is missing or ended is not in the way of a new one.
        """
        if missing := self._leave_missing():
            raise UserError(missing)

    def _vat(self):
        return self.company_id.vat or ""

    @api.depends("company_id")
    def _compute_certificate_end(self):
        for connection in self:
            # sudo: the certificate is for administrators, its end is for all
            company = connection.company_id.sudo()
            offline = company.service_ksef_offline_certificate_id
            connection.certificate_end = company.l10n_pl_edi_certificate.date_end
            connection.offline_certificate_end = offline.date_end

    @api.depends(*_CONFIRMED, *_HEALTH, "certificate_end", "warning_days")
    @api.depends_context("lang", "tz")
    def _compute_sentence(self):
        for connection in self:
            obstacle = connection._obstacle()
            connection.sends = not obstacle
            connection.sentence = obstacle or connection._health()

    def _health(self):
        """How the connection fares, where nothing is in the way of it."""
        if self.failing_since:
            return self.env._(
                "KSeF has not been reached since %(since)s. %(failure)s",
                since=format_datetime(self.env, self.failing_since),
                failure=self.failure,
            )
        if self._ends_soon():
            return self._warning()
        if not self.reached_on:
            return self.env._("Ready; nothing has been sent yet.")
        return self.env._(
            "Connected; KSeF was last reached on %s.",
            format_datetime(self.env, self.reached_on),
        )

    def _ends_soon(self):
        return bool(self._ending())

    def _ending(self):
        """The ends of the two certificates that are near, the one to sign in first."""
        soon = fields.Datetime.now() + timedelta(days=self.warning_days)
        ends = ("certificate_end", "offline_certificate_end")
        return [name for name in ends if self[name] and self[name] <= soon]

    def _warning(self):
        if self._ending() == ["offline_certificate_end"]:
            return self.env._(
                "The company's offline certificate for KSeF is valid until %s only. "
                "Without it invoices cannot be handed over while KSeF is away. Get a "
                "new one from KSeF; an administrator enters it under Settings › "
                "Invoicing.",
                format_date(self.env, self.offline_certificate_end),
            )
        return self.env._(
            "The company's certificate for KSeF is valid until %s only. Get a new one "
            "from KSeF before; an administrator enters it under Settings › Invoicing.",
            format_date(self.env, self.certificate_end),
        )

    def _note_failure(self, failure):
        """Remember whether KSeF was reached: why not, or an empty text."""
        now = fields.Datetime.now()
        if failure:
            vals = {"failing_since": self.failing_since or now, "failure": failure}
        elif (
            not self.failing_since and self.reached_on and self.reached_on > now - HOUR
        ):
            return  # Each run would hold up the others for nothing.
        else:
            vals = {"failing_since": False, "failure": False, "reached_on": now}
        self._write_facts(vals)

    def _must_sign_in(self):
        last = self.signed_in_on
        return not last or last < fields.Datetime.now() - SIGN_IN_AGAIN

    def _sign_in(self):
        """Get new tokens with the stored certificate, as saving the settings does."""
        # sudo: certificate and tokens are for administrators, sending is not
        settings = self.env["res.config.settings"].sudo().with_company(self.company_id)
        settings.create(
            {"company_id": self.company_id.id}
        )._l10n_pl_edi_ksef_authenticate()

    def _note_sign_in(self):
        self._write_facts({"signed_in_on": fields.Datetime.now()})

    def action_confirm_test(self):
        self._confirm("test")

    def action_confirm_production(self):
        self._confirm("production")

    def _confirm(self, environment):
        """Say for this very database that the company's invoices go to KSeF."""
        self.ensure_one()
        self._check_may_confirm()
        # sudo: the parameter is for administrators, and follows from what was chosen
        self.env["ir.config_parameter"].sudo().set_param(MODE, MODES[environment])
        self._write_facts(
            {
                "environment": environment,
                "confirmed_for": self._this_database(),
                "confirmed_vat": self._vat(),
                "confirmed_on": fields.Datetime.now(),
                "signed_in_on": False,
            }
        )

    def action_withdraw(self):
        """Have nothing sent to KSeF any more."""
        self._check_may_confirm()
        self._write_facts(dict.fromkeys((*_CONFIRMED, *_HEALTH), False))

    def _write_facts(self, vals):
        # sudo: people press buttons, and write none of these facts themselves
        self.sudo().with_context(**CONNECTION.opened).write(vals)

    def _check_may_confirm(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(CONFIRMS):
            raise AccessError(
                self.env._(
                    "Only accounting administrators decide whether invoices go to KSeF."
                )
            )

    def action_test(self):
        """Try the connection, as the queue would."""
        self.ensure_one()
        self.check_access("read")
        self._of(self.company_id)._check_leave()
        failure = self.env["service.ksef"]._reach(self.company_id)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if failure else "success",
                "message": failure or self.env._("KSeF was reached."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def action_open(self):
        """The connections of the companies one works in."""
        for company in self.env.companies.filtered(lambda one: one._is_polish()):
            self._of(company)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.service_ksef_connection_action"
        )

    @api.model
    def _cron_look_after(self):
        """Warn of certificates that end, and keep the company signed in."""
        for connection in self.search([("environment", "!=", False)]):
            if connection._leave_missing():
                continue
            connection._warn_of_end()
            connection._keep_signed_in()
            self.env["ir.cron"]._commit_progress(1)

    def _warn_of_end(self):
        """Tell an accountant once that the certificate ends."""
        activity = "helpdesk_service_contract.activity_ksef_certificate"
        if not self._ends_soon():
            self.activity_feedback([activity])
        elif not self.activity_search([activity]):
            user = self.company_id._responsible(ACCOUNTANT)
            told = self.with_context(lang=user.lang)
            told.activity_schedule(
                activity,
                user_id=user.id,
                note=told._certificate_obstacle() or told._warning(),
            )

    def _keep_signed_in(self):
        if self.certificate_end and self._must_sign_in():
            self.env["service.ksef"]._reach(self.company_id)
