"""FA(3) documents as trees: elements are put where the official schema wants them."""

from lxml import etree

# Children in the order of the schema FA(3) 1-0E, for the parents that are completed.
_ORDER = {
    "Podmiot1": "PrefiksPodatnika NrEORI DaneIdentyfikacyjne Adres AdresKoresp "
    "DaneKontaktowe StatusInfoPodatnika",
    "DaneIdentyfikacyjne": "NIP KodUE NrVatUE KodKraju NrID BrakID Nazwa",
    "Fa": "KodWaluty P_1 P_1M P_2 WZ P_6 OkresFa P_13_1 P_14_1 P_14_1W P_13_2 P_14_2 "
    "P_14_2W P_13_3 P_14_3 P_14_3W P_13_4 P_14_4 P_14_4W P_13_5 P_14_5 P_13_6_1 "
    "P_13_6_2 P_13_6_3 P_13_7 P_13_8 P_13_9 P_13_10 P_13_11 P_15 KursWalutyZ "
    "Adnotacje RodzajFaktury PrzyczynaKorekty TypKorekty DaneFaKorygowanej "
    "OkresFaKorygowanej NrFaKorygowany Podmiot1K Podmiot2K P_15ZK KursWalutyZK "
    "ZaliczkaCzesciowa FP TP DodatkowyOpis FakturaZaliczkowa ZwrotAkcyzy FaWiersz "
    "Rozliczenie Platnosc WarunkiTransakcji Zamowienie",
    "OkresFa": "P_6_Od P_6_Do",
    "Adnotacje": "P_16 P_17 P_18 P_18A Zwolnienie NoweSrodkiTransportu P_23 PMarzy",
    "Zwolnienie": "P_19 P_19A P_19B P_19C P_19N",
    "DaneFaKorygowanej": "DataWystFaKorygowanej NrFaKorygowanej NrKSeF "
    "NrKSeFFaKorygowanej NrKSeFN",
    "FaWiersz": "NrWierszaFa UU_ID P_6A P_7 Indeks GTIN PKWiU CN PKOB P_8A P_8B P_9A "
    "P_9B P_10 P_11 P_11A P_11Vat P_12 P_12_XII P_12_Zal_15 KwotaAkcyzy GTU "
    "Procedura KursWaluty StanPrzed",
    "Platnosc": "Zaplacono DataZaplaty ZnacznikZaplatyCzesciowej ZaplataCzesciowa "
    "TerminPlatnosci FormaPlatnosci PlatnoscInna OpisPlatnosci RachunekBankowy "
    "RachunekBankowyFaktora Skonto LinkDoPlatnosci IPKSeF",
    "RachunekBankowy": "NrRB SWIFT RachunekWlasnyBanku NazwaBanku OpisRachunku",
    "WarunkiTransakcji": "Umowy Zamowienia NrPartiiTowaru WarunkiDostawy KursUmowny "
    "WalutaUmowna Transport PodmiotPosredniczacy",
    "Umowy": "DataUmowy NrUmowy",
    "Zamowienia": "DataZamowienia NrZamowienia",
}
_RANK = {
    parent: {name: rank for rank, name in enumerate(names.split())}
    for parent, names in _ORDER.items()
}


def parse(xml: str | bytes) -> etree._Element:
    """The root of a document.

    :raises lxml.etree.XMLSyntaxError: where the text is not well-formed
    """
    parser = etree.XMLParser(
        remove_blank_text=True, resolve_entities=False, no_network=True
    )
    return etree.fromstring(xml.encode() if isinstance(xml, str) else xml, parser)


def serialize(root: etree._Element) -> str:
    """The document as text, indented; the inverse of ``parse``."""
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")


def is_fa3(root: etree._Element) -> bool:
    """Whether it is of the version these rules were written for."""
    code = root.find("{*}Naglowek/{*}KodFormularza")
    return code is not None and code.get("kodSystemowy") == "FA (3)"


def child(parent: etree._Element, name: str) -> etree._Element | None:
    """The first child of that name."""
    return parent.find(f"{{*}}{name}")


def children(parent: etree._Element, name: str) -> list[etree._Element]:
    """All children of that name."""
    return parent.findall(f"{{*}}{name}")


def text(parent: etree._Element, name: str) -> str:
    """The text of the first child of that name; empty where there is none."""
    return (parent.findtext(f"{{*}}{name}") or "").strip()


def put(parent: etree._Element, name: str, value: str = "") -> etree._Element:
    """Give ``parent`` one child of that name, with that text where it is given."""
    found = child(parent, name)
    if found is None:
        found = add(parent, name)
    if value:
        found.text = value
    return found


def add(parent: etree._Element, name: str) -> etree._Element:
    """Another child of that name, after those it must follow."""
    ranks = _RANK[_name(parent)]
    new = etree.Element(f"{{{etree.QName(parent).namespace}}}{name}")
    for place, other in enumerate(parent):
        if ranks.get(_name(other), -1) > ranks[name]:
            parent.insert(place, new)
            return new
    parent.append(new)
    return new


def drop(parent: etree._Element, *names: str) -> None:
    """Remove all children of these names."""
    for name in names:
        for found in children(parent, name):
            parent.remove(found)


def arrange(parent: etree._Element) -> None:
    """Bring children that stand out of the schema's order into it."""
    ranks = _RANK[_name(parent)]
    parent[:] = sorted(parent, key=lambda other: ranks.get(_name(other), -1))


def prune(root: etree._Element) -> None:
    """Remove comments and what is empty, which the schema refuses or has no use for."""
    for element in reversed(list(root.iter())):
        parent = element.getparent()
        empty = not len(element) and not (element.text or "").strip()
        if parent is not None and (empty or not isinstance(element.tag, str)):
            parent.remove(element)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
