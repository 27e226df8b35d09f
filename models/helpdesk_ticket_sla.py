from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .service_sla import KEEPING

# Which promise applies depends on these, and on the tier, which decisions tell.
GROUNDS = {"express", "priority", "reported_at"}
# What the timers come to; written with them alone.
MOMENTS = {"service_breach_at", "service_deadline", "service_risk_at"}
# A ticket may change its stage by these.
MOVES = {"stage_id", "team_id", "user_id"}
# Answers of people, as against what is sent by itself.
WRITTEN = ("comment", "email")


class HelpdeskTicket(models.Model):
    """The clocks of what was promised for a ticket.

    Apart from what a ticket is, so that either file is read in one go.
    """

    _inherit = "helpdesk.ticket"  # pylint: disable=consider-merging-classes-inherited

    sla_timer_ids = fields.One2many("service.sla.timer", "ticket_id")
    sla_event_ids = fields.One2many("service.sla.event", "ticket_id")
    # These hold whatever time it is: the next moments, not what they come to by now.
    service_deadline = fields.Datetime(
        string="Next Deadline",
        readonly=True,
        index=True,
        copy=False,
        help="Of the clocks that run, the one that ends first.",
    )
    service_risk_at = fields.Datetime(
        string="At Risk From",
        readonly=True,
        copy=False,
        help="When three quarters of the time of a running clock are used.",
    )
    service_breach_at = fields.Datetime(
        string="Promise Broken",
        readonly=True,
        index="btree_not_null",
        copy=False,
        help="When a promise was broken, or will be if nothing happens.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_moments({name for vals in vals_list for name in vals})
        # What follows from the creation itself is no change of what was promised.
        tickets = super(HelpdeskTicket, self.with_context(clocks=KEEPING)).create(
            vals_list
        )
        tickets = tickets.with_env(self.env)
        self.env["service.sla"]._start(tickets)
        return tickets

    def write(self, vals):
        self._check_moments(vals)
        if not (GROUNDS | MOVES) & set(vals) or self._is_keeping():
            return super().write(vals)
        self._check_reported_at(vals)
        before = {ticket: ticket._stage_of_clock() for ticket in self}
        result = super().write(vals)
        if MOVES & set(vals):
            self.env["service.sla"]._moved(before)
        if GROUNDS & set(vals):
            self.env["service.sla"]._follow(self)
        return result

    def _show_moments(self, vals):
        """Keep the moments that the timers come to, if they are others."""
        changed = self.filtered(
            lambda ticket: any(ticket[name] != moment for name, moment in vals.items())
        )
        changed.with_context(clocks=KEEPING, tracking_disable=True).write(vals)

    def _check_moments(self, names):
        if self._is_keeping():
            return
        context = self.env.context
        defaults = {f"default_{name}" for name in MOMENTS}
        if MOMENTS & set(names) or defaults & set(context):
            raise UserError(
                self.env._(
                    "Deadlines follow from what is promised. A service manager may "
                    "agree on a new one, for a reason."
                )
            )

    def _is_keeping(self):
        return self.env.context.get("clocks") is KEEPING

    def _check_reported_at(self, vals):
        """Whoever broke a promise cannot date the report otherwise afterwards."""
        if "reported_at" not in vals or self.env.user.has_group(
            "helpdesk_service_contract.group_manager"
        ):
            return
        moment = fields.Datetime.to_datetime(vals["reported_at"])
        # sudo: promises count, whoever may see them
        for ticket in self.sudo():
            broken = any(ticket.sla_timer_ids.mapped("breached_at"))
            if broken and ticket.reported_at != moment:
                raise UserError(
                    self.env._(
                        "A promise on ticket %s is broken already, so only a service "
                        "manager may correct when it was reported.",
                        ticket.display_name,
                    )
                )

    def _stage_of_clock(self):
        """Whether the stage ends the clocks, and what it makes them wait for."""
        # sudo: the stage counts, whoever may see it
        stage = self.sudo().stage_id
        return stage.closed, stage.waiting_for

    def _awaits_answer(self):
        """Whether the customer still waits for the first real answer."""
        reaction = self.sla_timer_ids.filtered(lambda timer: timer.metric == "reaction")
        kinds = set(self.sla_event_ids.mapped("kind"))
        return bool(reaction) and "responded" not in kinds

    # ------------------------------------------------------------------
    # Messages
    # ------------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        for ticket in self:
            if ticket._is_answer(message):
                self.env["service.sla"]._answered(ticket)
            elif ticket._is_of_customer(message):
                self.env["service.sla"]._customer_wrote(ticket)
        return result

    def _is_answer(self, message):
        """A public message of one of us that is not written to somebody else."""
        # sudo: whoever posts need not see users and their partners
        message, customer = message.sudo(), self.sudo().commercial_partner_id
        if message.message_type not in WRITTEN or (
            not message.subtype_id or message.subtype_id.internal
        ):
            return False
        users = message.author_id.user_ids
        if all(user.share for user in users):
            return False
        others = message.partner_ids - users.partner_id
        return not others or customer in others.commercial_partner_id

    def _is_of_customer(self, message):
        # sudo: as above
        message, ticket = message.sudo(), self.sudo()
        author = message.author_id.commercial_partner_id
        return message.message_type in WRITTEN and (
            bool(author) and author == ticket.commercial_partner_id
        )

    def _first_answer_at(self):
        """When the customer was first answered, as the messages tell; or None."""
        messages = self.env["mail.message"].search(
            Domain("model", "=", self._name)
            & Domain("res_id", "=", self.id)
            & Domain("message_type", "in", WRITTEN),
            order="date, id",
        )
        return next((m.date for m in messages if self._is_answer(m)), None)

    @api.model
    def message_new(self, msg, custom_values=None):
        """A ticket from an e-mail is reported when our server got it."""
        arrived = self.env.context.get("mail_arrived_at")
        values = {"reported_at": arrived} if arrived else {}
        return super().message_new(msg, values | (custom_values or {}))
