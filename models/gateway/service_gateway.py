from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    RedirectWarning,
    UserError,
)
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ...tools import gateway
from ...tools.groups import GATEWAY
from .helpdesk_ticket import OPEN_ONCE, OPENING

CHANNEL = "helpdesk_service_contract.channel_monitoring"


class ServiceGateway(models.AbstractModel):
    """What programs of others may do: open tickets, run sessions, read balances.

    Every public method is a call of its API. It answers with plain JSON: ids and
    minutes are integers, moments are ISO 8601 in UTC (``2026-10-05T08:35:00Z``), and
    what is empty is ``false``, as XML-RPC knows no null. Texts have 255 characters at
    most, ``description`` and ``note`` have 20,000. It answers what it refuses in
    one sentence, in English or in ``lang`` of the context, with these errors:

    * ``AccessError`` (403): the caller is no connected tool
    * ``MissingError`` (404): there is nothing of that name, or nothing for this tool
    * ``UserError`` or ``ValidationError`` (422): the rules refuse it, nothing changed
    """

    _name = "service.gateway"
    _description = "API Gateway"

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
        contract=None,
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
        :param contract: number of the contract in force that the event is about; as a
            rule the item tells
        :return: ``id``, ``number``, ``url`` (for people), ``new`` (whether it was
            opened by this call), ``contract`` (its number, or ``false`` where there is
            none or somebody has to choose it), ``coverage`` (code of who pays),
            ``coverage_label``, ``deadline`` (the next one by the promises of the tier,
            UTC)
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
                    "description": this._text(
                        "description", description, longest=gateway.TEXT
                    ),
                    "item_id": this._item(customer, item).id,
                    "partner_id": (this._person(customer, person) or customer).id,
                    "priority": this._priority(priority),
                    "gateway_client_id": tool.id,
                    "gateway_reference": reference,
                }
                if contract := this._contract(tool, customer, contract):
                    vals["service_contract_id"] = contract.id
                ticket = this._open(tool, vals)
            return this._ticket_as_json(ticket) | {"new": not known}

    @api.model
    def balance(self, customer):
        """The hours of a customer, as every screen and document shows them.

        :param customer: as in ``open_ticket``
        :return: a list with one entry for each contract in force: ``contract`` (id),
            ``number``, ``name``, ``until`` (the day the first package ends,
            ``YYYY-MM-DD``), and in minutes ``granted``, ``used``, ``pending`` and
            ``available``; no prices
        """
        this, tool = self._enter()
        with this._in_one_sentence():
            customer = this._customer(tool, customer)
            today = tool.company_id._service_day()
            contracts = this.env["contract.contract"]._serving(
                customer, tool.company_id, today
            )
            balances = this.env["service.hour.ledger"]._balances(contracts)
            return [
                {
                    "contract": contract.id,
                    "number": contract.code or False,
                    "name": contract.name,
                    "until": str(balance.until) if balance.until else False,
                    "granted": balance.granted,
                    "used": balance.used,
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
        """Anyone who calls must be a tool; the gateway as the system, and the tool.

        Nothing of the caller's context is kept but the language: it could bring back
        what is archived, or name other companies.
        """
        language = {"lang": self._language()}
        this = self.with_env(self.env(context=language))
        user = this.env.user
        if not user.has_group(GATEWAY):
            raise AccessError(
                this.env._(
                    "Only API clients can call this. A service manager connects "
                    "them under Configuration → API Clients."
                )
            )
        # sudo: what a tool may do is decided here, call by call, as it reads nothing by
        # itself; it keeps its name as the author
        this = this.sudo().with_context(mail_create_nosubscribe=True)
        tool = this.env["service.gateway.client"].search([("user_id", "=", user.id)])
        if not tool:
            raise AccessError(
                this.env._(
                    "The access of this API client has been revoked. Ask to have "
                    "it connected again."
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
    # Tickets
    # ------------------------------------------------------------------

    def _open_ticket_of(self, tool, customer, reference):
        """The ticket that is open for an event, or none."""
        tickets = self.env["helpdesk.ticket"]
        if not reference:
            return tickets
        return tickets.search(
            Domain("gateway_client_id", "=", tool.id)
            & Domain("commercial_partner_id", "=", customer.id)
            & Domain("open_reference", "=", reference)
        )

    def _open(self, tool, vals):
        vals |= {
            "company_id": tool.company_id.id,
            # Said aloud: a company may have tickets assigned to anyone who opens them.
            "user_id": False,
            "channel_id": self.env.ref(CHANNEL).id,
            "description": plaintext2html(vals["description"] or vals["name"]),
        }
        try:
            tickets = self.env["helpdesk.ticket"].with_context(**OPENING.opened)
            ticket = tickets.create(vals).with_env(self.env)
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
            "contract": ticket.service_contract_id.code or False,
            "coverage": ticket.coverage_code,
            "coverage_label": codes.get(ticket.coverage_code, False),
            "deadline": self._iso(ticket.service_deadline),
        }

    def _iso(self, moment):
        return gateway.iso(moment) if moment else False
