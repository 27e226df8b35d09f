"""KSeF's official receipt of an invoice (UPO): what a person reads in it.

Source: ksef-docs, "faktury/upo", version 4-3.
"""

from lxml import etree

# What is printed, in this order.
FACTS = (
    "NazwaPodmiotuPrzyjmujacego",
    "NumerReferencyjnySesji",
    "NipSprzedawcy",
    "NumerFaktury",
    "DataWystawieniaFaktury",
    "NumerKSeFDokumentu",
    "DataPrzeslaniaDokumentu",
    "DataNadaniaNumeruKSeF",
    "SkrotDokumentu",
    "TrybWysylki",
)


def receipt_facts(xml: bytes) -> dict[str, str]:
    """The facts of a receipt by their names, as far as it has them.

    :raises lxml.etree.XMLSyntaxError: where the text is not well-formed
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(xml, parser)
    found = {name: root.findtext(f".//{{*}}{name}") for name in FACTS}
    return {name: text.strip() for name, text in found.items() if text}
