from odoo import api, fields, models

CHARGES = [
    ("full", "Charged"),
    ("money", "Charged, packages do not pay"),
    ("packages", "From packages only, the rest is free"),
    ("free", "Free of charge"),
    ("hold", "On hold"),
]


class AccountAnalyticLine(models.Model):
    """Who pays for a work entry, and what is charged of it.

    Apart from how it is rated, so that either file is read in one go.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "account.analytic.line"

    service_contract_id = fields.Many2one(
        "contract.contract",
        compute="_compute_payer",
        store=True,
        precompute=True,
        ondelete="restrict",
        help="The account the work is written on, by the decision who pays for the "
        "ticket: a contract in force on the day of the work, or the price list.",
    )
    charge = fields.Selection(
        CHARGES,
        compute="_compute_payer",
        store=True,
        precompute=True,
        help="By the decision who pays for the ticket, unless back office decided "
        "otherwise for this entry.",
    )
    waiver = fields.Selection(
        [
            ("packages", "From packages only, the rest is free"),
            ("free", "Free of charge"),
        ],
        copy=False,
        help="What back office decided for this entry alone.",
    )
    charge_reason = fields.Char(string="Reason", copy=False)
    decision_id = fields.Many2one(
        "service.coverage.decision",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Who pays, as it was decided when the work was settled.",
    )

    @api.depends(
        "date",
        "waiver",
        "work_type_id",
        "ticket_id.ad_hoc_contract_id",
        "ticket_id.coverage_code",
        "ticket_id.off_place",
        "ticket_id.service_contract_id",
    )
    def _compute_payer(self):
        payers = {}
        for entry in self.filtered(lambda entry: not entry.settlement_id):
            if entry.ticket_id and entry.date:
                on_site = entry.work_type_id.on_site
                key = entry.ticket_id, entry.date, on_site
                if key not in payers:
                    payers[key] = entry.ticket_id._payer(entry.date, on_site=on_site)
                payer = payers[key]
                entry.service_contract_id = payer.account
                entry.charge = entry.waiver or payer.charge
            else:
                entry.service_contract_id = entry.charge = False
