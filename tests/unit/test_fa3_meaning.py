"""Each rule on the meaning of an FA(3) document, and a broken twin that it finds."""

import re
from pathlib import Path

import pytest
from ksef_client.documents.fa3 import validate_fa3_xml_xsd

from tools.fa3 import meaning
from tools.fa3.meaning import faults, read

DOCUMENT = """<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/">
<Naglowek><KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza>
<WariantFormularza>3</WariantFormularza>
<DataWytworzeniaFa>2026-11-04T08:00:00Z</DataWytworzeniaFa></Naglowek>
<Podmiot1><DaneIdentyfikacyjne><NIP>5252344078</NIP><Nazwa>Serwis</Nazwa>
</DaneIdentyfikacyjne><Adres><KodKraju>PL</KodKraju><AdresL1>Prosta 1</AdresL1></Adres>
</Podmiot1>
<Podmiot2><DaneIdentyfikacyjne><NIP>7740001454</NIP><Nazwa>Klient</Nazwa>
</DaneIdentyfikacyjne><Adres><KodKraju>PL</KodKraju><AdresL1>Krzywa 2</AdresL1></Adres>
<JST>2</JST><GV>2</GV></Podmiot2>{third}
<Fa><KodWaluty>{currency}</KodWaluty><P_1>2026-11-04</P_1><P_2>FV/2026/00001</P_2>{time}
{sums}<Adnotacje><P_16>2</P_16><P_17>2</P_17><P_18>{reverse}</P_18><P_18A>{split}</P_18A>
<Zwolnienie>{exemption}</Zwolnienie>
<NoweSrodkiTransportu><P_22N>1</P_22N></NoweSrodkiTransportu><P_23>2</P_23>
<PMarzy><P_PMarzyN>1</P_PMarzyN></PMarzy></Adnotacje>
<RodzajFaktury>{kind}</RodzajFaktury>{correction}{rows}</Fa></Faktura>"""
ROW = """<FaWiersz><NrWierszaFa>{number}</NrWierszaFa><P_7>Praca zdalna</P_7>
<P_8A>godz.</P_8A><P_8B>{quantity}</P_8B><P_9A>{price}</P_9A><P_11>{net}</P_11>
<P_12>{rate}</P_12>{more}</FaWiersz>"""
ORIGINAL = """<PrzyczynaKorekty>Mniej godzin</PrzyczynaKorekty>
<TypKorekty>2</TypKorekty>
<DaneFaKorygowanej><DataWystFaKorygowanej>2026-10-05</DataWystFaKorygowanej>
<NrFaKorygowanej>FV/2026/00001</NrFaKorygowanej><NrKSeF>1</NrKSeF>
<NrKSeFFaKorygowanej>5252344078-20261005-0123456789AB-CD</NrKSeFFaKorygowanej>
</DaneFaKorygowanej>"""
SCHOOL = """<Podmiot3><DaneIdentyfikacyjne><NIP>5260250274</NIP><Nazwa>Szkoła</Nazwa>
</DaneIdentyfikacyjne><Adres><KodKraju>PL</KodKraju><AdresL1>Szkolna 1</AdresL1></Adres>
<Rola>8</Rola></Podmiot3>"""


def row(number, quantity, price, net, rate="23", more=""):
    return ROW.format(
        number=number, quantity=quantity, price=price, net=net, rate=rate, more=more
    )


def document(**parts):
    return DOCUMENT.format(
        **{
            "third": "",
            "currency": "PLN",
            "time": "<OkresFa><P_6_Od>2026-10-01</P_6_Od><P_6_Do>2026-10-31</P_6_Do>"
            "</OkresFa>",
            "sums": "<P_13_1>136.65</P_13_1><P_14_1>31.43</P_14_1><P_15>168.08</P_15>",
            "reverse": "2",
            "split": "2",
            "exemption": "<P_19N>1</P_19N>",
            "kind": "VAT",
            "correction": "",
            "rows": row(1, "0.25", "123.32", "30.83")
            + row(2, "0.25", "123.32", "30.83")
            + row(3, "0.75", "99.99", "74.99"),
        }
        | parts
    )


PLAIN = document()
EUROS = document(
    currency="EUR",
    sums="<P_13_1>100.00</P_13_1><P_14_1>23.00</P_14_1><P_14_1W>97.78</P_14_1W>"
    "<P_15>123.00</P_15>",
    rows=row(1, "1", "100.00", "100.00", more="<KursWaluty>4.2512</KursWaluty>"),
)
EXEMPT = document(
    sums="<P_13_7>50.00</P_13_7><P_15>50.00</P_15>",
    exemption="<P_19>1</P_19><P_19A>art. 43</P_19A>",
    rows=row(1, "1", "50.00", "50.00", "zw"),
)
REVERSED = document(
    sums="<P_13_9>50.00</P_13_9><P_15>50.00</P_15>",
    reverse="1",
    rows=row(1, "1", "50.00", "50.00", "np II"),
)
DAY = document(time="<P_6>2026-10-31</P_6>")
CORRECTION = document(
    kind="KOR",
    correction=ORIGINAL,
    sums="<P_13_1>-74.99</P_13_1><P_14_1>-17.25</P_14_1><P_15>-92.24</P_15>",
    rows=row(1, "-0.75", "99.99", "-74.99"),
)
BEFORE_AND_AFTER = document(
    kind="KOR",
    correction=ORIGINAL,
    sums="<P_13_1>50.00</P_13_1><P_14_1>11.50</P_14_1><P_15>61.50</P_15>",
    rows=row(1, "1", "100.00", "100.00", more="<StanPrzed>1</StanPrzed>")
    + row(2, "1.5", "100.00", "150.00"),
)
SCHOOL_BUYS = document(third=SCHOOL).replace("<JST>2", "<JST>1")
HARDWARE = document(
    split="1",
    rows=row(1, "1", "136.65", "136.65", more="<P_12_Zal_15>1</P_12_Zal_15>"),
)
RIGHT = {
    "plain": PLAIN,
    "euros": EUROS,
    "exempt": EXEMPT,
    "reverse charge": REVERSED,
    "a day": DAY,
    "correction": CORRECTION,
    "before and after": BEFORE_AND_AFTER,
    "municipal unit": SCHOOL_BUYS,
    "annex 15": HARDWARE,
}
# A right document, what becomes of it, and the rules that it breaks then.
BROKEN = [
    (PLAIN, "<FaWiersz>.*</FaWiersz>", "", {"no_rows"}),
    (PLAIN, "<P_9A>99.99", "<P_9A>99.90", {"row"}),
    (PLAIN, "<P_13_1>136.65", "<P_13_1>136.66", {"net", "total"}),
    (PLAIN, "<P_14_1>31.43", "<P_14_1>31.53", {"tax", "total"}),
    (PLAIN, "<P_12>23", "<P_12>8", {"net"}),
    (PLAIN, "<P_15>168.08", "<P_15>168.09", {"total"}),
    (PLAIN, "</FaWiersz>", "<KursWaluty>4.2</KursWaluty></FaWiersz>", {"rate_of_pln"}),
    (EUROS, "<KursWaluty>.*</KursWaluty>", "", {"no_rate"}),
    (EUROS, "<P_14_1W>.*</P_14_1W>", "", {"no_tax_in_pln"}),
    (EUROS, "<P_14_1W>97.78", "<P_14_1W>101.20", {"tax_in_pln"}),
    (PLAIN, "<P_6_Od>2026-10", "<P_6_Od>2026-12", {"period"}),
    (DAY, "<P_6>2026-10-31", "<P_6>2027-01-31", {"too_early"}),
    (CORRECTION, "<RodzajFaktury>KOR", "<RodzajFaktury>VAT", {"corrects"}),
    (CORRECTION, "<PrzyczynaKorekty>.*</PrzyczynaKorekty>", "", {"no_reason"}),
    (
        CORRECTION,
        "<NrFaKorygowanej>FV/2026/00001",
        "<NrFaKorygowanej>BRAK",
        {"no_original"},
    ),
    (CORRECTION, "2026-10-05", "2026-11-05", {"original_later"}),
    (CORRECTION, "5252344078-2026", "5260250274-2026", {"not_ours"}),
    (BEFORE_AND_AFTER, "<StanPrzed>1</StanPrzed>", "", {"net"}),
    (PLAIN, "<NIP>7740001454", "<NIP>7740001455", {"nip"}),
    (SCHOOL_BUYS, "<NIP>5260250274", "<NIP>5260250275", {"nip"}),
    (SCHOOL_BUYS, "<JST>1", "<JST>2", {"third_party"}),
    (SCHOOL_BUYS, "<Rola>8", "<Rola>2", {"third_party"}),
    (PLAIN, "<GV>2", "<GV>1", {"third_party"}),
    (EXEMPT, "<P_19>1</P_19><P_19A>art. 43</P_19A>", "<P_19N>1</P_19N>", {"no_basis"}),
    (
        PLAIN,
        "<P_19N>1</P_19N>",
        "<P_19>1</P_19><P_19A>art. 43</P_19A>",
        {"exemption_of_nothing"},
    ),
    (REVERSED, "<P_18>1", "<P_18>2", {"reverse_charge"}),
    (HARDWARE, "<P_18A>1", "<P_18A>2", {"split_payment"}),
    (PLAIN, "Praca zdalna", "Praca \x96 zdalna", {"characters"}),
    (PLAIN, "Praca zdalna", "x" * 513, {"long"}),
    (PLAIN, "<Fa>", f"<Fa>{' ' * 10}<!--{'x' * 1_000_000}-->", {"size"}),
]


def rules(xml, original=None):
    return {fault.rule for fault in faults(read(xml, original))}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_document_is_valid_and_has_no_fault(name):
    validate_fa3_xml_xsd(RIGHT[name])
    assert faults(read(RIGHT[name])) == []


@pytest.mark.parametrize(("right", "old", "new", "expected"), BROKEN)
def test_a_broken_twin(right, old, new, expected):
    broken = re.sub(old, new, right, count=1, flags=re.DOTALL)
    assert broken != right
    assert rules(broken) == expected


def test_a_correction_beside_its_original():
    original = read(PLAIN)
    assert rules(CORRECTION, original) == set()
    other = CORRECTION.replace("7740001454", "5260250274")
    assert rules(other, original) == {"other_than_original"}
    more = CORRECTION.replace("-74.99", "-136.66").replace("-0.75", "-1")
    assert "too_much" in rules(more, original)
    assert rules(CORRECTION, read(EUROS)) == {"other_than_original"}


def test_every_rule_has_a_broken_twin():
    found = set().union(*(expected for *_document, expected in BROKEN))
    source = Path(meaning.__file__).read_text()
    named = set(re.findall(r"(?:Fault|_unequal)\(\s*\"(\w+)\"", source))
    assert named == found | {"other_than_original", "too_much"}
