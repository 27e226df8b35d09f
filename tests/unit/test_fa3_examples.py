"""The kinds of invoices that the ministry's brochure on FA(3) shows: each is valid, and
no rule on its meaning finds a fault in it.

Written from the public description of the 26 examples; names and amounts are ours.
"""

import pytest
from ksef_client.documents.fa3 import validate_fa3_xml_xsd
from test_fa3_meaning import ORIGINAL, SCHOOL, document, row

from tools.fa3.meaning import faults, read

COLLECTIVE = ORIGINAL.replace(
    "</DaneFaKorygowanej>",
    "</DaneFaKorygowanej><DaneFaKorygowanej>"
    "<DataWystFaKorygowanej>2026-10-06</DataWystFaKorygowanej>"
    "<NrFaKorygowanej>FV/2026/00002</NrFaKorygowanej><NrKSeFN>1</NrKSeFN>"
    "</DaneFaKorygowanej>",
)
WRONG_NAME = (
    "<Podmiot2K><DaneIdentyfikacyjne><NIP>7740001454</NIP><Nazwa>Klint</Nazwa>"
    "</DaneIdentyfikacyjne></Podmiot2K>"
)
ORDER = (
    "<Zamowienie><WartoscZamowienia>1230.00</WartoscZamowienia><ZamowienieWiersz>"
    "<NrWierszaZam>1</NrWierszaZam><P_7Z>Wdrożenie</P_7Z><P_8AZ>szt.</P_8AZ>"
    "<P_8BZ>1</P_8BZ><P_9AZ>1000.00</P_9AZ><P_11NettoZ>1000.00</P_11NettoZ>"
    "<P_11VatZ>230.00</P_11VatZ><P_12Z>23</P_12Z></ZamowienieWiersz></Zamowienie>"
)
ADVANCE_PAID = (
    "<FakturaZaliczkowa><NrKSeFFaZaliczkowej>5252344078-20261005-0123456789AB-CD"
    "</NrKSeFFaZaliczkowej></FakturaZaliczkowa>"
)
GROUP = SCHOOL.replace("<Rola>8", "<Rola>10").replace("Szkoła", "Spółka z grupy")
GROSS = """<FaWiersz><NrWierszaFa>1</NrWierszaFa><P_7>Kabel</P_7><P_8A>szt.</P_8A>
<P_8B>1</P_8B><P_9B>123.00</P_9B><P_11A>123.00</P_11A>{rate}</FaWiersz>"""
MARGIN = "<P_PMarzy>1</P_PMarzy><P_PMarzy_3_1>1</P_PMarzy_3_1>"


def sums(net, tax, gross, field=1):
    return (
        f"<P_13_{field}>{net}</P_13_{field}><P_14_{field}>{tax}</P_14_{field}>"
        f"<P_15>{gross}</P_15>"
    )


def untaxed(field, amount="50.00"):
    return f"<{field}>{amount}</{field}><P_15>{amount}</P_15>"


def one(rate, amount="50.00", more=""):
    return row(1, "1", amount, amount, rate, more)


EUROS = (
    "<P_13_1>200.00</P_13_1><P_14_1>46.00</P_14_1><P_14_1W>195.56</P_14_1W>"
    "<P_15>246.00</P_15>"
)
EXAMPLES = {
    "two rates": document(
        sums="<P_13_1>100.00</P_13_1><P_14_1>23.00</P_14_1><P_13_3>10.00</P_13_3>"
        "<P_14_3>0.50</P_14_3><P_15>133.50</P_15>",
        rows=row(1, "1", "100.00", "100.00") + row(2, "1", "10.00", "10.00", "5"),
    ),
    "correction by difference": document(
        kind="KOR",
        correction=ORIGINAL,
        sums=sums("-50.00", "-11.50", "-61.50"),
        rows=row(1, "-1", "50.00", "-50.00"),
    ),
    "correction with the rows before and after": document(
        kind="KOR",
        correction=ORIGINAL,
        sums=sums("50.00", "11.50", "61.50"),
        rows=one("23", "100.00", "<StanPrzed>1</StanPrzed>")
        + row(1, "1.5", "100.00", "150.00"),
    ),
    "correction of the rate": document(
        kind="KOR",
        correction=ORIGINAL,
        sums="<P_13_1>-100.00</P_13_1><P_14_1>-23.00</P_14_1><P_13_2>100.00</P_13_2>"
        "<P_14_2>8.00</P_14_2><P_15>-15.00</P_15>",
        rows=one("23", "100.00", "<StanPrzed>1</StanPrzed>") + one("8", "100.00"),
    ),
    "correction of the buyer's name": document(
        kind="KOR",
        correction=ORIGINAL + WRONG_NAME,
        sums=sums("0.00", "0.00", "0.00"),
        rows=row(1, "0", "100.00", "0.00"),
    ),
    "collective correction": document(
        kind="KOR",
        correction=COLLECTIVE,
        sums=sums("-20.00", "-4.60", "-24.60"),
        rows=row(1, "-1", "20.00", "-20.00"),
    ),
    "collective correction of a period": document(
        kind="KOR",
        correction=COLLECTIVE + "<OkresFaKorygowanej>2026 październik"
        "</OkresFaKorygowanej>",
        sums=sums("-20.00", "-4.60", "-24.60"),
        rows="",
    ),
    "priced with the tax": document(
        sums=sums("100.00", "23.00", "123.00"),
        rows=GROSS.format(rate="<P_12>23</P_12>"),
    ),
    "exempt": document(
        sums=untaxed("P_13_7"),
        exemption="<P_19>1</P_19><P_19A>art. 43 ust. 1 pkt 29</P_19A>",
        rows=one("zw"),
    ),
    "advance": document(
        kind="ZAL",
        sums=sums("100.00", "23.00", "123.00"),
        rows=ORDER,
        time="<P_6>2026-11-03</P_6>",
    ),
    "correction of an advance": document(
        kind="KOR_ZAL",
        correction=ORIGINAL + "<P_15ZK>123.00</P_15ZK>",
        sums=sums("-10.00", "-2.30", "-12.30"),
        rows=ORDER,
    ),
    "settlement of an advance": document(
        kind="ROZ",
        correction=ADVANCE_PAID,
        sums=sums("900.00", "207.00", "1107.00"),
        rows=one("23", "1000.00"),
    ),
    "correction of a settlement": document(
        kind="KOR_ROZ",
        correction=ORIGINAL + ADVANCE_PAID,
        sums=sums("-100.00", "-23.00", "-123.00"),
        rows=row(1, "-1", "100.00", "-100.00"),
    ),
    "simplified": document(
        kind="UPR",
        sums="<P_15>450.00</P_15>",
        rows=GROSS.format(rate="<P_12>23</P_12>"),
    ),
    "margin": document(
        sums=untaxed("P_13_11", "123.00"), rows=GROSS.format(rate="")
    ).replace("<P_PMarzyN>1</P_PMarzyN>", MARGIN),
    "goods to the EU": document(sums=untaxed("P_13_6_2"), rows=one("0 WDT")),
    "export": document(sums=untaxed("P_13_6_3"), rows=one("0 EX")),
    "at nought at home": document(sums=untaxed("P_13_6_1"), rows=one("0 KR")),
    "service outside Poland": document(sums=untaxed("P_13_8"), rows=one("np I")),
    "service to the EU": document(
        sums=untaxed("P_13_9"), reverse="1", rows=one("np II")
    ),
    "the buyer accounts at home": document(
        sums=untaxed("P_13_10"), reverse="1", rows=one("oo")
    ),
    "in euro at one rate": document(
        currency="EUR",
        sums=EUROS,
        rows=one("23", "200.00", "<KursWaluty>4.2513</KursWaluty>"),
    ),
    "in euro at two rates": document(
        currency="EUR",
        sums=EUROS,
        rows=row(1, "1", "100.00", "100.00", more="<KursWaluty>4.2512</KursWaluty>")
        + row(2, "1", "100.00", "100.00", more="<KursWaluty>4.2514</KursWaluty>"),
    ),
    "municipality for a school": document(third=SCHOOL).replace("<JST>2", "<JST>1"),
    "member of a VAT group": document(third=GROUP).replace("<GV>2", "<GV>1"),
    "split payment": document(
        split="1",
        sums=sums("20000.00", "4600.00", "24600.00"),
        rows=one("23", "20000.00", "<P_12_Zal_15>1</P_12_Zal_15>"),
    ),
}


def test_there_are_as_many():
    assert len(EXAMPLES) == 26  # noqa: PLR2004


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_valid_and_means_what_it_says(name):
    validate_fa3_xml_xsd(EXAMPLES[name])
    assert faults(read(EXAMPLES[name])) == []


# Their total is not that of their sums by rate.
APART = {"simplified", "settlement of an advance", "correction of a settlement"}


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - APART))
def test_an_example_whose_total_is_wrong(name):
    right = EXAMPLES[name]
    wrong = right.replace("</P_15>", "1</P_15>").replace(".001</P_15>", ".01</P_15>")
    assert wrong != right
    assert "total" in {fault.rule for fault in faults(read(wrong))}
