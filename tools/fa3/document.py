"""Completes FA(3) documents, the structured invoices of KSeF, with what Odoo omits.

The official schema accepts an invoice that names no period, multiplies to other
amounts, or calls its original unknown; the law does not. Everything is set to what the
facts say, so doing it twice changes nothing, and neither does it where a newer Odoo
wrote the same.

Sources: schema FA(3) 1-0E with its notes; VAT act, art. 106e and 106j.
"""

from lxml import etree

from . import tree
from .amounts import BY_BUYER, clean_numbers, rates, set_lines, set_totals
from .facts import EXEMPT, CorrectionFacts, InvoiceFacts

MAX_TEXT = 256
# Supplies in which both sides go by their EU numbers (art. 97 par. 10).
_INTRA_EU = {"np II", "0 WDT"}


def complete(xml: str, facts: InvoiceFacts) -> str:
    """The document with all that ``facts`` know, in the schema's order.

    A document of another version than FA(3) comes back unchanged.

    :raises lxml.etree.XMLSyntaxError: where the text is not well-formed
    """
    root = tree.parse(xml)
    if not tree.is_fa3(root):
        return xml
    tree.prune(root)
    body = tree.child(root, "Fa")
    set_lines(body, facts)
    _set_parties(root, body, facts)
    _set_time(body, facts)
    set_totals(body, facts)
    _set_notes(body, facts)
    if facts.correction:
        _set_correction(body, facts.correction)
    _set_payment(body, facts)
    _set_terms(body, facts)
    clean_numbers(body)
    return tree.serialize(root)


def _set_parties(
    root: etree._Element, body: etree._Element, facts: InvoiceFacts
) -> None:
    if not facts.buyer_vat or not rates(body) & _INTRA_EU:
        return
    seller = tree.child(root, "Podmiot1")
    tree.put(seller, "PrefiksPodatnika", "PL")
    buyer = tree.child(tree.child(root, "Podmiot2"), "DaneIdentyfikacyjne")
    tree.drop(buyer, "NIP", "KodKraju", "NrID", "BrakID")
    prefix, number = facts.buyer_vat
    tree.put(buyer, "KodUE", prefix)
    tree.put(buyer, "NrVatUE", number)


def _set_time(body: etree._Element, facts: InvoiceFacts) -> None:
    if facts.period:
        tree.drop(body, "P_6")
        period = tree.put(body, "OkresFa")
        tree.put(period, "P_6_Od", facts.period.first.isoformat())
        tree.put(period, "P_6_Do", facts.period.last.isoformat())
        return
    if facts.done_on or any(line.done_on for line in facts.lines):
        tree.drop(body, "P_6")
    # Only where it is another day than that of issue.
    if facts.done_on and facts.done_on.isoformat() != tree.text(body, "P_1"):
        tree.drop(body, "OkresFa")
        tree.put(body, "P_6", facts.done_on.isoformat())


def _set_notes(body: etree._Element, facts: InvoiceFacts) -> None:
    notes = tree.child(body, "Adnotacje")
    found = rates(body)
    if found & set(BY_BUYER):
        tree.put(notes, "P_18", "1")
    if facts.split_payment:
        tree.put(notes, "P_18A", "1")
    if EXEMPT in found and facts.exemption:
        exemption = tree.put(notes, "Zwolnienie")
        tree.drop(exemption, "P_19N", "P_19B", "P_19C")
        tree.put(exemption, "P_19", "1")
        tree.put(exemption, "P_19A", facts.exemption[:MAX_TEXT])


def _set_correction(body: etree._Element, correction: CorrectionFacts) -> None:
    if correction.reason:
        tree.put(body, "PrzyczynaKorekty", correction.reason[:MAX_TEXT])
    tree.put(body, "TypKorekty", correction.kind)
    if tree.text(body, "RodzajFaktury") == "VAT":
        # Odoo takes what raises an invoice for an invoice of its own.
        tree.put(body, "RodzajFaktury", "KOR")
    original = tree.child(body, "DaneFaKorygowanej")
    if original is None:
        if not (correction.number and correction.issued):
            return
        original = tree.put(body, "DaneFaKorygowanej")
        issued = correction.issued.isoformat()
        tree.put(original, "DataWystFaKorygowanej", issued)
        tree.put(original, "NrFaKorygowanej", correction.number)
    if correction.ksef_number:
        tree.drop(original, "NrKSeFN")
        tree.put(original, "NrKSeF", "1")
        tree.put(original, "NrKSeFFaKorygowanej", correction.ksef_number)
    else:
        tree.drop(original, "NrKSeF", "NrKSeFFaKorygowanej")
        tree.put(original, "NrKSeFN", "1")


def _set_payment(body: etree._Element, facts: InvoiceFacts) -> None:
    if facts.correction and facts.total <= 0:
        _drop_term(body)
    account = body.find("{*}Platnosc/{*}RachunekBankowy")
    if account is not None and facts.account_currency:
        tree.put(account, "OpisRachunku", facts.account_currency)
    if not facts.payment_form:
        return
    payment = tree.put(body, "Platnosc")
    said = {"FormaPlatnosci", "PlatnoscInna", "ZnacznikZaplatyCzesciowej"}
    if not any(tree.text(payment, name) for name in said):
        tree.put(payment, "FormaPlatnosci", facts.payment_form)


def _drop_term(body: etree._Element) -> None:
    """KSeF refuses a term of payment on what is given back."""
    payment = tree.child(body, "Platnosc")
    if payment is not None:
        tree.drop(payment, "TerminPlatnosci")
        if not len(payment):
            body.remove(payment)


def _set_terms(body: etree._Element, facts: InvoiceFacts) -> None:
    terms = tree.child(body, "WarunkiTransakcji")
    if terms is None and (facts.contract_number or facts.order_number):
        terms = tree.add(body, "WarunkiTransakcji")
    if terms is None:
        return
    tree.arrange(terms)
    if facts.contract_number:
        contract = _numbered(terms, "Umowy", "NrUmowy", facts.contract_number)
        if facts.contract_date:
            tree.put(contract, "DataUmowy", facts.contract_date.isoformat())
        # Newer versions of Odoo take the invoice's reference for an order.
        for order in tree.children(terms, "Zamowienia"):
            if tree.text(order, "NrZamowienia") == facts.contract_number:
                terms.remove(order)
    if facts.order_number:
        _numbered(terms, "Zamowienia", "NrZamowienia", facts.order_number)


def _numbered(
    terms: etree._Element, name: str, number_name: str, number: str
) -> etree._Element:
    for found in tree.children(terms, name):
        if tree.text(found, number_name) == number:
            return found
    new = tree.add(terms, name)
    tree.put(new, number_name, number)
    return new
