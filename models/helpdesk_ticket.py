from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    service_contract_id = fields.Many2one(
        "contract.contract",
        compute="_compute_service_contract_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        tracking=True,
        domain="[('service_tier_id.kind', '!=', 'ad_hoc'),"
        " ('service_tier_id', '!=', False),"
        " ('company_id', '=', company_id),"
        " ('commercial_partner_id', '=', commercial_partner_id)]",
        help="In force for the customer when the ticket came in. It pays for the work.",
    )
    reported_at = fields.Datetime(
        string="Reported",
        required=True,
        default=fields.Datetime.now,
        copy=False,
        index=True,
        tracking=True,
        help="When the customer told us. Warranty and contracts count from that day.",
    )
    timesheet_ids = fields.One2many(
        "account.analytic.line", "ticket_id", string="Work Entries"
    )
    total_hours = fields.Float(compute="_compute_totals")
    billed_minutes = fields.Integer(string="Billed", compute="_compute_totals")
    overage_policy = fields.Selection(related="service_contract_id.overage_policy")
    hours_until = fields.Date(related="service_contract_id.hours_until")
    hours_granted = fields.Integer(related="service_contract_id.hours_granted")
    hours_posted = fields.Integer(related="service_contract_id.hours_posted")
    hours_pending = fields.Integer(related="service_contract_id.hours_pending")
    hours_expired = fields.Integer(related="service_contract_id.hours_expired")
    hours_available = fields.Integer(related="service_contract_id.hours_available")
    hours_overage = fields.Integer(related="service_contract_id.hours_overage")

    @api.depends("partner_id", "company_id", "item_id", "reported_at")
    def _compute_service_contract_id(self):
        contracts = self.env["contract.contract"]
        by_customer = contracts._by_customer(self.partner_id, self.company_id)
        for ticket in self:
            reported = ticket._reported_day()
            of_item = ticket.item_id.service_contract_id
            if of_item and of_item._in_force(reported) and of_item._is_service():
                ticket.service_contract_id = of_item
            else:
                customer = ticket.partner_id.commercial_partner_id
                found = by_customer.get((ticket.company_id, customer), contracts)
                ticket.service_contract_id = found._first_in_force(reported)

    @api.depends("timesheet_ids.unit_amount", "timesheet_ids.billed_minutes")
    def _compute_totals(self):
        sums = {
            ticket: (hours, minutes)
            for ticket, hours, minutes in self.env["account.analytic.line"]._read_group(
                [("ticket_id", "in", self.ids)],
                ["ticket_id"],
                ["unit_amount:sum", "billed_minutes:sum"],
            )
        }
        for ticket in self:
            ticket.total_hours, ticket.billed_minutes = sums.get(
                ticket._origin, (0.0, 0)
            )

    @api.constrains("service_contract_id", "partner_id", "company_id")
    def _check_service_contract(self):
        for ticket in self.sudo().filtered("service_contract_id"):
            contract = ticket.service_contract_id
            if contract.commercial_partner_id != ticket.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "The contract “%(contract)s” serves %(customer)s and cannot "
                        "pay for a ticket of another customer.",
                        contract=contract.display_name,
                        customer=contract.commercial_partner_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_work(self):
        for ticket in self.sudo():
            if ticket.timesheet_ids:
                raise UserError(
                    self.env._(
                        "Work is logged on the ticket %s. Archive the ticket, or "
                        "delete its work entries first.",
                        ticket.display_name,
                    )
                )

    def action_log_work(self):
        """The dialog for work, which shows before saving what it will cost."""
        self.ensure_one()
        self._prepare_for_work()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_service_contract.work_entry_action_log"
        ) | {"context": {"default_ticket_id": self.id}}

    def _reported_day(self):
        """The day of the report by the company's clock."""
        return self.company_id.sudo()._service_day(self.reported_at)

    def _contract_on(self, day):
        """The contract that pays for work done on ``day``, or none.

        A ticket may outlive the contract it came in under.
        """
        self.ensure_one()
        contract = self.service_contract_id
        if not contract or contract._in_force(day):
            return contract
        return contract._serving(self.partner_id, self.company_id, day)

    def _work_project(self):
        """The project work on this ticket is logged on."""
        self.ensure_one()
        project = (
            self.project_id
            or self.team_id.with_company(self.company_id).default_project_id
            or self.company_id.service_project_id
        )
        if not project:
            raise UserError(
                self.env._(
                    "%s has no project for service work. Choose one in the settings "
                    "of the helpdesk.",
                    self.company_id.name,
                )
            )
        return project
