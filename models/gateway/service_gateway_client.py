from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import LazyTranslate

from ...tools.groups import GATEWAY, MANAGER
from ...tools.guard import Guard, Seal

_lt = LazyTranslate(__name__)
CONNECTING = Seal("connecting")
GUARDS = (
    Guard(
        frozenset({"active", "company_id", "user_id"}),
        CONNECTING,
        creation=True,
        message=_lt("Use the buttons to connect or revoke API clients."),
    ),
    Guard(
        deletion=True,
        message=_lt(
            "Tickets refer to the API client they came from. Revoke it instead."
        ),
    ),
)


class ServiceGatewayClient(models.Model):
    """A program of others that may open tickets and run sessions, and nothing else.

    It acts as a user of its own, who has an API key and one right: to call the gateway.
    """

    _name = "service.gateway.client"
    _inherit = ["service.guarded"]
    _description = "API Client"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="restrict"
    )
    login = fields.Char(compute="_compute_access", help="For XML-RPC and odoorpc.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    # Said aloud: were it that no customer is chosen, a tool would see everybody as
    # soon as the one customer it is for is archived.
    every_customer = fields.Boolean(
        help="The API client acts for every customer of the company."
    )
    customer_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        domain="[('company_id', 'in', [False, company_id]),"
        " '|', ('parent_id', '=', False), ('is_company', '=', True)]",
        help="The customers whose tickets, sessions and hours the API client can "
        "see. A key stored on a customer's server should be for that customer only.",
    )
    valid_until = fields.Datetime(
        compute="_compute_access",
        help="Without a date, the key is valid until it is revoked.",
    )
    last_used_at = fields.Datetime(string="Last Use", compute="_compute_access")

    _user_once = models.UniqueIndex(
        "(user_id)", "This user already belongs to an API client."
    )

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_access(self):
        # sudo: users and keys are those of the system; of a key only its end is shown
        users = self.sudo().user_id
        keys = (
            self.env["res.users.apikeys"].sudo().search([("user_id", "in", users.ids)])
        )
        ends = {key.user_id: key.expiration_date for key in keys}
        for tool in self:
            user = tool.sudo().user_id
            tool.login = user.login
            tool.last_used_at = user.login_date
            tool.valid_until = ends.get(user)

    @api.constrains("every_customer", "customer_ids")
    def _check_customers(self):
        # sudo: whose customer a partner is counts, visible or not
        for tool in self.sudo():
            chosen = tool.with_context(active_test=False).customer_ids
            if not (tool.every_customer or chosen):
                raise ValidationError(
                    self.env._(
                        "Choose the customers the API client acts for, or let it "
                        "act for every customer of the company."
                    )
                )
            foreign = chosen.filtered(
                lambda one, company=tool.company_id: (
                    one != one.commercial_partner_id
                    or (one.company_id or company) != company
                )
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%s is not a customer of this company; it is a contact, or "
                        "a customer of another company. Choose the customer itself.",
                        foreign[0].display_name,
                    )
                )

    @api.model
    def _guards(self):
        return (*super()._guards(), *GUARDS)

    def _check_administrator(self, company):
        """Who gives a program access decides on two things, and needs both rights.

        What it may ask about customers is up to a service manager; a user with a key is
        made by who administers users, as anywhere in Odoo.
        """
        user = self.env.user
        if not self.env.su and not (
            user.has_group(MANAGER) and user.has_group("base.group_erp_manager")
        ):
            raise AccessError(
                self.env._(
                    "Only a service manager who may also administer users (Access "
                    "Rights) can connect API clients. Ask an administrator."
                )
            )
        if company not in user.company_ids and not self.env.su:
            raise AccessError(
                self.env._(
                    "Choose a company you work for: %s is not one of them.", company.id
                )
            )

    @api.model
    def _connect(self, name, company, customers, until=None):
        """Give a program access; the tool and its key, which is not kept anywhere.

        :param customers: whom it acts for; none of them stands for every customer
        :param until: when the key ends, or None
        """
        self._check_administrator(company)
        # sudo: users and keys are made here only, with the one right of a tool
        user = self.sudo().env["res.users"].with_context(no_reset_password=True)
        user = user.create(
            {
                "name": name,
                "login": f"tool-{uuid4().hex[:12]}",
                "lang": "en_US",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set(self.env.ref(GATEWAY).ids)],
            }
        )
        tool = (
            self.sudo()
            .with_context(**CONNECTING.opened)
            .create(
                {
                    "name": name,
                    "user_id": user.id,
                    "company_id": company.id,
                    "every_customer": not customers,
                    "customer_ids": [Command.set(customers.ids)],
                }
            )
        )
        # sudo: a key for longer than its user could ask for
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        return self.browse(tool.id), keys._generate(None, name, until)

    def action_revoke(self):
        """Take the access away for good: no key of the tool opens anything again."""
        self.check_access("write")
        for company in self.company_id:
            self._check_administrator(company)
        # sudo: as when it was given
        tools = self.sudo().with_context(**CONNECTING.opened)
        keys = tools.env["res.users.apikeys"].search(
            [("user_id", "in", tools.user_id.ids)]
        )
        keys.unlink()
        tools.user_id.active = False
        tools.active = False

    def _customers(self):
        """The domain of the customers the tool acts for."""
        self.ensure_one()
        domain = Domain("company_id", "in", [False, self.company_id.id])
        domain &= Domain("parent_id", "=", False) | Domain("is_company", "=", True)
        if not self.every_customer:
            domain &= Domain("id", "in", self.customer_ids.ids)
        return domain

    def _tickets(self):
        """The domain of the tickets the tool may act on."""
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id)
        if not self.every_customer:
            domain &= Domain("commercial_partner_id", "in", self.customer_ids.ids)
        return domain
