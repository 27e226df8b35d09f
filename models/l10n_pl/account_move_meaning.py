from odoo import models
from odoo.tools import LazyTranslate

from ...tools.fa3.meaning import faults, read

_lt = LazyTranslate(__name__)
# What is wrong with a structured invoice that its schema takes, by rule.
SENTENCES = {
    "no_rows": _lt("it has no lines"),
    "row": _lt("quantity times price is not the amount of line %(where)s"),
    "net": _lt("the lines of the rate do not add up to its sum, %(where)s"),
    "tax": _lt("the tax is not that of the rate, %(where)s"),
    "total": _lt("the sums by rate do not add up to the total"),
    "rate_of_pln": _lt("an invoice in PLN has a rate of exchange"),
    "no_rate": _lt("the rate of exchange is missing"),
    "no_tax_in_pln": _lt("the tax in PLN is missing, %(where)s"),
    "tax_in_pln": _lt("the tax in PLN is not that of the rate, %(where)s"),
    "period": _lt("the period ends before it starts"),
    "too_early": _lt("the supply is more than 60 days after the invoice"),
    "corrects": _lt("only a correction names an invoice that it corrects"),
    "no_reason": _lt("the correction gives no reason"),
    "no_original": _lt("the correction does not say which invoice it corrects"),
    "original_later": _lt("the corrected invoice is dated after the correction"),
    "not_ours": _lt("the KSeF number of the corrected invoice is of another seller"),
    "other_than_original": _lt(
        "the corrected invoice has another %(where)s: correct it to zero, and issue a "
        "new one"
    ),
    "too_much": _lt("more is taken off than was sold, %(where)s"),
    "nip": _lt("the check digit of a tax number is wrong, %(where)s"),
    "third_party": _lt("%(where)s and the roles of third parties do not agree"),
    "no_basis": _lt("the legal basis of the exemption is missing"),
    "exemption_of_nothing": _lt("it names an exemption, and nothing is exempt"),
    "reverse_charge": _lt("the buyer accounts for the tax, and it does not say so"),
    "split_payment": _lt("an item of annex 15 needs the note on split payment"),
    "characters": _lt("%(where)s holds characters that KSeF refuses"),
    "long": _lt("%(where)s is too long"),
    "size": _lt("it is larger than KSeF takes"),
}


class AccountMove(models.Model):
    """Structured invoices mean what they say: KSeF itself checks no arithmetic."""

    _inherit = "account.move"

    def _service_document_problems(self, xml):
        result = super()._service_document_problems(xml)
        if result or not self.company_id.service_check_meaning:
            return result
        sent = self.env["service.ksef"]._document(self._corrects())
        return [
            self._service_fault_sentence(fault)
            for fault in faults(read(xml, sent and read(sent)))
        ]

    def _service_fault_sentence(self, fault):
        sentence = self.env._(SENTENCES[fault.rule])
        what = sentence % {"where": fault.where}
        if not fault.found:
            return self.env._("The structured invoice contradicts itself: %s.", what)
        if not fault.expected:
            return self.env._(
                "The structured invoice contradicts itself: %(what)s (%(found)s).",
                what=what,
                found=fault.found,
            )
        return self.env._(
            "The structured invoice contradicts itself: %(what)s (%(found)s in place "
            "of %(expected)s).",
            what=what,
            found=fault.found,
            expected=fault.expected,
        )
