from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    MissingError,
    RedirectWarning,
    UserError,
    ValidationError,
)
from odoo.fields import Domain
from odoo.tools import escape_psql, plaintext2html

from ..tools import gateway
from .helpdesk_ticket_gateway import OPEN_ONCE
from .service_gateway_tool import GATEWAY_GROUP

CHANNEL = "helpdesk_service_contract.channel_monitoring"
# As PostgreSQL counts them.
IDS = range(1, 2**31)
# Of countries of the EU, with the letters of those but Poland.
TAX_NUMBER_LENGTHS = range(8, 16)
PRIORITIES = {"low": "0", "medium": "1", "high": "2", "very_high": "3"}


class ServiceGateway(models.AbstractModel):
    """What programs of others may do: open tickets, run sessions, read balances.

    Every public method is a call of its API. It answers with plain JSON: ids and
    minutes are integers, moments are ISO 8601 in UTC (``2026-10-05T08:35:00Z``), and
    what is empty is ``false``, as XML-RPC knows no null. It answers what it refuses in
    one sentence, in English or in ``lang`` of the context, with these errors:

    * ``AccessError`` (403): the caller is no connected tool
    * ``MissingError`` (404): there is nothing of that name, or nothing for this tool
    * ``UserError`` or ``ValidationError`` (422): the rules refuse it, nothing changed
    """

    _name = "service.gateway"
    _description = "Access for Connected Tools"

    @api.model
    def open_ticket(
        self,
        customer,
        subject,
        description="",
        reference=None,
        item=None,
        person=None,
        priority=None,
    ):
        """Open a ticket, or return the open one of the same event.

        :param customer: NIP (``PL`` and dashes do not matter), the internal reference
            of the customer, or its id as a number
        :param subject: one line
        :param description: plain text
        :param reference: what the tool calls the event; while a ticket of this event is
            open for the customer, that one is returned, however often it is reported
        :param item: serial number of a device or licence of the customer
        :param person: e-mail or name of a contact of the customer
        :param priority: ``low``, ``medium``, ``high`` or ``very_high``
        :return: ``id``, ``number``, ``url`` (for people), ``new`` (whether it was
            opened by this call), ``coverage`` (code of who pays), ``coverage_label``,
            ``deadline`` (the next one by the promises of the tier, UTC)
        """
        this, tool = self._enter()
        with this._in_one_sentence():
            customer = this._customer(tool, customer)
            reference = this._text("reference", reference)
            ticket = this._open_ticket_of(tool, customer, reference)
            known = ticket.id
            if not known:
                vals = {
                    "name": this._line("subject", subject),
                    "description": this._text("description", description),
                    "item_id": this._item(customer, item).id,
                    "partner_id": (this._person(customer, person) or customer).id,
                    "priority": this._priority(priority),
                    "gateway_tool_id": tool.id,
                    "gateway_reference": reference,
                }
                ticket = this._open(tool, vals)
            return this._ticket_as_json(ticket) | {"new": not known}

    @api.model
    def balance(self, customer):
        """The hours of a customer, as every screen and document shows them.

        :param customer: as in ``open_ticket``
        :return: a list with one entry for each contract in force: ``contract`` (id),
            ``number``, ``name``, ``until`` (the day the first package ends,
            ``YYYY-MM-DD``), and in minutes ``granted``, ``posted``, ``pending`` and
            ``available``; no prices
        """
        this, tool = self._enter()
        with this._in_one_sentence():
            customer = this._customer(tool, customer)
            contracts = this.env["contract.contract"]._by_customer(
                customer, tool.company_id
            )
            today = tool.company_id._service_day()
            contracts = contracts.get((tool.company_id, customer), customer.browse())
            contracts = contracts.filtered(lambda one: one._in_force(today))
            balances = this.env["service.hour.ledger"]._balances(contracts)
            return [
                {
                    "contract": contract.id,
                    "number": contract.code or False,
                    "name": contract.name,
                    "until": str(balance.until) if balance.until else False,
                    "granted": balance.granted,
                    "posted": balance.posted,
                    "pending": balance.pending,
                    "available": balance.available,
                }
                for contract in contracts
                for balance in [balances[contract.id]]
            ]

    # ------------------------------------------------------------------
    # Who calls
    # ------------------------------------------------------------------

    @api.model
    def _enter(self):
        """Whoever calls must be a tool; the gateway as the system, and the tool.

        Nothing of the caller's context is kept but the language: it could bring back
        what is archived, or name other companies.
        """
        language = {"lang": self._language()}
        this = self.with_env(self.env(context=language))
        user = this.env.user
        if not user.has_group(GATEWAY_GROUP):
            raise AccessError(
                this.env._(
                    "Only connected tools may call this. A service manager connects "
                    "them under Configuration, Connected Tools."
                )
            )
        # sudo: what a tool may do is decided here, call by call, as it reads nothing by
        # itself; it keeps its name as the author
        this = this.sudo().with_context(mail_create_nosubscribe=True)
        tool = this.env["service.gateway.tool"].search([("user_id", "=", user.id)])
        if not tool:
            raise AccessError(
                this.env._(
                    "The access of this tool was revoked. Have it connected again."
                )
            )
        # Adds a row and changes none, so that calls never wait for one another.
        user._update_last_login()
        this = this.with_company(tool.company_id)
        return this, tool.with_env(this.env)

    def _language(self):
        wanted = self.env.context.get("lang")
        languages = self.with_env(self.env(context={})).env["res.lang"]
        known = {code for code, _name in languages.get_installed()}
        return wanted if isinstance(wanted, str) and wanted in known else "en_US"

    @contextmanager
    def _in_one_sentence(self):
        """Programs have no buttons: a warning with one is the sentence alone."""
        try:
            yield
        except RedirectWarning as warning:
            raise UserError(warning.args[0]) from warning

    # ------------------------------------------------------------------
    # What they name
    # ------------------------------------------------------------------

    def _text(self, name, value, *, required=False):
        """A parameter that is text, without blanks around it; or False."""
        if value in (None, False):
            value = ""
        if not isinstance(value, str):
            raise ValidationError(self.env._("“%s” is text.", name))
        value = gateway.storable(value).strip()
        if required and not value:
            raise ValidationError(self.env._("“%s” is missing.", name))
        return value or False

    def _line(self, name, value):
        """A parameter that has to be there, as one line."""
        return " ".join(self._text(name, value, required=True).split())

    def _moment(self, name, value):
        """A parameter that is a moment, as Odoo keeps it; or None."""
        text = self._text(name, value)
        if not text:
            return None
        try:
            return gateway.moment(text).replace(tzinfo=None)
        except ValueError:
            raise ValidationError(
                self.env._(
                    "“%s” is a moment with its time zone, for example "
                    "2026-10-05T10:35:00+02:00.",
                    name,
                )
            ) from None

    def _priority(self, priority):
        priority = self._text("priority", priority) or "medium"
        if priority not in PRIORITIES:
            raise ValidationError(
                self.env._("“priority” is one of: %s.", ", ".join(PRIORITIES))
            )
        return PRIORITIES[priority]

    def _customer(self, tool, key):
        """The customer that ``key`` names, if the tool acts for it.

        One search with both conditions: a stranger's customer is no other answer than
        none at all.
        """
        if isinstance(key, int) and not isinstance(key, bool):
            named = Domain("id", "=", key if key in IDS else False)
        else:
            key = self._text("customer", key, required=True)
            number = gateway.tax_number(key)
            named = Domain("ref", "=", key)
            if len(number) in TAX_NUMBER_LENGTHS:
                # However it is written; what else the pattern finds is left out below.
                named |= Domain("vat", "=ilike", "%".join(["", *number, ""]))
        found = self.env["res.partner"].search(named & tool._customers())
        if not isinstance(key, int):
            found = found.filtered(
                lambda one: (
                    one.ref == key or gateway.tax_number(one.vat or "") == number
                )
            )
        return self._the_one(found, "customer", key)

    def _the_one(self, found, name, value):
        """What a parameter names, if it is one record and no more."""
        if not found:
            raise MissingError(
                self.env._(
                    "There is no %(name)s “%(value)s” this tool may act for.",
                    name=name,
                    value=value,
                )
            )
        if len(found) > 1:
            raise ValidationError(
                self.env._(
                    "There is more than one %(name)s “%(value)s”. Name it otherwise.",
                    name=name,
                    value=value,
                )
            )
        return found

    def _item(self, customer, serial):
        items = self.env["maintenance.equipment"]
        serial = self._text("item", serial)
        if not serial:
            return items
        found = items.search(
            Domain("serial_no", "=", serial)
            & Domain("commercial_customer_id", "=", customer.id)
            & Domain("company_id", "in", [False, self.env.company.id])
        )
        return self._the_one(found, "item", serial)

    def _person(self, customer, key):
        """A contact of the customer, by e-mail or name."""
        people = self.env["res.partner"]
        key = self._text("person", key)
        if not key:
            return people
        found = people.search(
            (
                Domain("email_normalized", "=", key.lower())
                | Domain("name", "=ilike", escape_psql(key))
            )
            & Domain("commercial_partner_id", "=", customer.id)
            & Domain("is_company", "=", False)
            & Domain("type", "=", "contact")
        )
        return self._the_one(found, "person", key)

    # ------------------------------------------------------------------
    # Tickets
    # ------------------------------------------------------------------

    def _open_ticket_of(self, tool, customer, reference):
        """The ticket that is open for an event, or none."""
        tickets = self.env["helpdesk.ticket"]
        if not reference:
            return tickets
        return tickets.search(
            Domain("gateway_tool_id", "=", tool.id)
            & Domain("commercial_partner_id", "=", customer.id)
            & Domain("open_reference", "=", reference)
        )

    def _open(self, tool, vals):
        vals |= {
            "company_id": tool.company_id.id,
            # Said aloud: a company may have tickets assigned to whoever opens them.
            "user_id": False,
            "channel_id": self.env.ref(CHANNEL).id,
            "description": plaintext2html(vals["description"] or vals["name"]),
        }
        try:
            ticket = self.env["helpdesk.ticket"].create(vals)
            self.env.flush_all()
        except UniqueViolation as collision:
            if collision.diag.constraint_name != OPEN_ONCE:
                raise
            # Another call has just opened it, unseen by this transaction; Odoo runs
            # the call again, and then it is found.
            raise ConcurrencyError(str(collision)) from collision
        return ticket

    def _ticket_as_json(self, ticket):
        codes = dict(ticket._fields["coverage_code"]._description_selection(self.env))
        return {
            "id": ticket.id,
            "number": ticket.number,
            "url": f"{ticket.get_base_url()}/mail/view"
            f"?model={ticket._name}&res_id={ticket.id}",
            "coverage": ticket.coverage_code,
            "coverage_label": codes.get(ticket.coverage_code, False),
            "deadline": self._iso(ticket.service_deadline),
        }

    def _iso(self, moment):
        return gateway.iso(moment) if moment else False
