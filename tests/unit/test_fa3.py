from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ksef_client.documents.fa3 import parse_invoice_xml, validate_fa3_xml_xsd
from lxml import etree

from tools.fa3 import tree
from tools.fa3.document import complete
from tools.fa3.facts import (
    CorrectionFacts,
    InvoiceFacts,
    LineFacts,
    LineState,
    amount_text,
    eu_vat,
    number_text,
    unit_name,
    unit_price,
)
from tools.periods import Period

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
KSEF_NUMBER = "5260250274-20261104-0123456789AB-CD"

# As Odoo 19.0 of March 2026 writes it, shortened.
ROW = """<FaWiersz><NrWierszaFa>{number}</NrWierszaFa><P_7>Praca zdalna</P_7>
<P_8A>Hours</P_8A><P_8B>{quantity}</P_8B><P_9A>{price}</P_9A><P_11>{net}</P_11>
<P_12>{rate}</P_12></FaWiersz>"""
DOCUMENT = """<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/">
<Naglowek><KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza>
<WariantFormularza>3</WariantFormularza>
<DataWytworzeniaFa>2026-11-04T08:00:00Z</DataWytworzeniaFa>
<SystemInfo>Odoo</SystemInfo></Naglowek>
<Podmiot1><DaneIdentyfikacyjne><NIP>5260250274</NIP><Nazwa>Serwis</Nazwa>
</DaneIdentyfikacyjne>
<Adres><KodKraju>PL</KodKraju><AdresL1>Prosta 1 Warszawa</AdresL1></Adres>
<DaneKontaktowe><Email></Email><Telefon>22 100 20 30</Telefon></DaneKontaktowe>
</Podmiot1>
<Podmiot2><DaneIdentyfikacyjne>{buyer}<Nazwa>Klient</Nazwa></DaneIdentyfikacyjne>
<Adres><KodKraju>PL</KodKraju><AdresL1>Krzywa 2</AdresL1></Adres>
<JST>2</JST><GV>2</GV></Podmiot2>
<Fa><KodWaluty>{currency}</KodWaluty><P_1>2026-11-04</P_1><P_1M>Warszawa</P_1M>
<P_2>FV/2026/00001</P_2>{date}{sums}<P_15>123.00</P_15><KursWalutyZ>1.0</KursWalutyZ>
<Adnotacje><P_16>2</P_16><P_17>2</P_17><P_18>2</P_18><P_18A>2</P_18A>
<Zwolnienie><P_19N>1</P_19N></Zwolnienie>
<NoweSrodkiTransportu><P_22N>1</P_22N></NoweSrodkiTransportu><P_23>2</P_23>
<PMarzy><P_PMarzyN>1</P_PMarzyN></PMarzy></Adnotacje>
<RodzajFaktury>{kind}</RodzajFaktury>{correction}{rows}{payment}{terms}</Fa>
</Faktura>"""
PARTS = {
    "buyer": "<NIP>7740001454</NIP>",
    "currency": "PLN",
    "date": "",
    "sums": "<P_13_1>100.00</P_13_1><P_14_1>23.00</P_14_1>",
    "kind": "VAT",
    "correction": "",
    "payment": "<Platnosc></Platnosc>",
    "terms": "",
}
ORIGINAL = (
    "<PrzyczynaKorekty>Odwrócenie</PrzyczynaKorekty><TypKorekty>1</TypKorekty>"
    "<DaneFaKorygowanej><DataWystFaKorygowanej>2026-10-01</DataWystFaKorygowanej>"
    "<NrFaKorygowanej>FV/1</NrFaKorygowanej><NrKSeFN>1</NrKSeFN></DaneFaKorygowanej>"
)


def row(number=1, quantity="1.0", price="100.00", net="100.00", rate="23"):
    return ROW.format(number=number, quantity=quantity, price=price, net=net, rate=rate)


def document(*rows, **parts):
    return DOCUMENT.format(**(PARTS | {"rows": "".join(rows or [row()])} | parts))


def line(number=1, quantity="1", net="100.00", price="100.00", **facts):
    return LineFacts(number, Decimal(quantity), Decimal(net), Decimal(price), **facts)


def invoice(*lines, total="123.00", **facts):
    return InvoiceFacts(Decimal(total), lines or (line(),), **facts)


def texts(xml, path):
    root = etree.fromstring(xml.encode())
    return [found.text for found in root.findall(".//{*}" + path.replace("/", "/{*}"))]


CORRECTED = dict(kind="KOR", correction=ORIGINAL)

# What the facts say, on what document: what must be found there afterwards.
CASES = {
    "period replaces date": (
        document(date="<P_6>2026-10-31</P_6>"),
        invoice(period=OCTOBER),
        {
            "P_6": [],
            "OkresFa/P_6_Od": ["2026-10-01"],
            "OkresFa/P_6_Do": ["2026-10-31"],
        },
    ),
    "completed on another day": (
        document(),
        invoice(done_on=date(2026, 10, 20)),
        {"P_6": ["2026-10-20"]},
    ),
    "completed on the day of issue": (
        document(date="<P_6>2026-10-31</P_6>"),
        invoice(done_on=date(2026, 11, 4)),
        {"P_6": []},
    ),
    "nothing known of the date": (
        document(date="<P_6>2026-10-31</P_6>"),
        invoice(),
        {"P_6": ["2026-10-31"]},
    ),
    "lines of different days": (
        document(row(1), row(3), date="<P_6>2026-10-31</P_6>"),
        invoice(line(1, done_on=date(2026, 10, 5)), line(3, done_on=date(2026, 10, 9))),
        {"P_6": [], "P_6A": ["2026-10-05", "2026-10-09"]},
    ),
    "contract and order": (
        document(),
        invoice(
            contract_number="VIP/1",
            contract_date=date(2026, 9, 1),
            order_number="PO-77",
        ),
        {
            "Umowy/NrUmowy": ["VIP/1"],
            "Umowy/DataUmowy": ["2026-09-01"],
            "Zamowienia/NrZamowienia": ["PO-77"],
        },
    ),
    "terms a newer Odoo wrote, out of order": (
        document(
            terms="<WarunkiTransakcji><WarunkiDostawy>EXW</WarunkiDostawy><Zamowienia>"
            "<NrZamowienia>VIP/1</NrZamowienia></Zamowienia></WarunkiTransakcji>"
        ),
        invoice(contract_number="VIP/1", order_number="PO-77"),
        {
            "NrZamowienia": ["PO-77"],
            "NrUmowy": ["VIP/1"],
            "WarunkiDostawy": ["EXW"],
        },
    ),
    "another order a newer Odoo wrote, out of order": (
        document(
            terms="<WarunkiTransakcji><WarunkiDostawy>EXW</WarunkiDostawy><Zamowienia>"
            "<NrZamowienia>PO-1</NrZamowienia></Zamowienia></WarunkiTransakcji>"
        ),
        invoice(order_number="PO-77"),
        {"NrZamowienia": ["PO-1", "PO-77"], "WarunkiDostawy": ["EXW"]},
    ),
    "price after discount": (
        document(row(quantity="3.25", price="183.33", net="536.24")),
        invoice(line(quantity="3.25", net="536.24", price="164.997")),
        {"P_9A": ["164.997"], "P_8B": ["3.25"], "P_10": []},
    ),
    "discount a newer Odoo wrote": (
        document(row().replace("</P_9A>", "</P_9A><P_10>5.00</P_10>")),
        invoice(),
        {"P_10": [], "P_9A": ["100.00"]},
    ),
    "unit and empty payment": (
        document(),
        invoice(),
        {"P_8A": ["godz."], "Platnosc": [], "Email": []},
    ),
    "transfer": (document(), invoice(payment_form="6"), {"FormaPlatnosci": ["6"]}),
    "split payment": (
        document(row(1), row(2)),
        invoice(line(1), line(2, annex_15=True), split_payment=True),
        {"P_18A": ["1"], "P_12_Zal_15": ["1"]},
    ),
    "goods of Annex 15 below the amount": (
        document(),
        invoice(line(annex_15=True)),
        {"P_18A": ["2"], "P_12_Zal_15": []},
    ),
    "sale in the OSS procedure": (
        document(row(rate="np I"), sums="<P_13_5>100.00</P_13_5>"),
        invoice(),
        {"P_13_5": ["100.00"], "P_13_8": []},
    ),
    "exempt for a long reason": (
        document(row(rate="zw")),
        invoice(exemption="x" * 300),
        {"P_19A": ["x" * 256]},
    ),
    "five percent": (
        document(row(rate="zw")),
        invoice(line(rate="5")),
        {"P_12": ["5"], "P_19N": ["1"]},
    ),
    "exempt": (
        document(row(rate="zw")),
        invoice(exemption="art. 113 ust. 1 ustawy"),
        {"P_19": ["1"], "P_19A": ["art. 113 ust. 1 ustawy"], "P_19N": []},
    ),
    "service for a business in the EU": (
        document(
            row(rate="np II"),
            buyer="<KodKraju>DE</KodKraju><NrID>DE136695976</NrID>",
            sums="<P_13_9>100.00</P_13_9><P_13_10>100.00</P_13_10>",
        ),
        invoice(total="100.00", buyer_vat=("DE", "136695976")),
        {
            "P_13_9": ["100.00"],
            "P_13_10": [],
            "P_13_8": [],
            "P_18": ["1"],
            "KodUE": ["DE"],
            "NrVatUE": ["136695976"],
            "NrID": [],
            "PrefiksPodatnika": ["PL"],
            "P_15": ["100.00"],
        },
    ),
    "service outside the EU": (
        document(row(rate="np I"), sums=""),
        invoice(total="100.00"),
        {"P_13_8": ["100.00"], "P_13_9": [], "P_18": ["2"], "PrefiksPodatnika": []},
    ),
    "in euro": (
        document(currency="EUR", sums=PARTS["sums"] + "<P_14_1W>97.00</P_14_1W>"),
        invoice(rate=Decimal("4.25120004"), tax_in_pln=(("P_14_1", Decimal("97.78")),)),
        {
            "P_15": ["123.00"],
            "KursWalutyZ": [],
            "KursWaluty": ["4.2512"],
            "P_14_1W": ["97.78"],
        },
    ),
    "advance in euro": (
        document(currency="EUR", kind="ZAL"),
        invoice(rate=Decimal("4.2512")),
        {"KursWalutyZ": ["4.2512"], "KursWaluty": []},
    ),
    "in zloty": (document(), invoice(), {"KursWalutyZ": [], "KursWaluty": []}),
    "correction of what is in KSeF": (
        document(row(quantity="-1.0", net="-100.00"), **CORRECTED),
        invoice(
            line(quantity="-1", net="-100.00"),
            total="-123.00",
            correction=CorrectionFacts("2", "Zły okres", KSEF_NUMBER),
        ),
        {
            "NrKSeF": ["1"],
            "NrKSeFFaKorygowanej": [KSEF_NUMBER],
            "NrKSeFN": [],
            "TypKorekty": ["2"],
            "PrzyczynaKorekty": ["Zły okres"],
            "P_8B": ["-1"],
            "P_9A": ["100.00"],
        },
    ),
    "correction of what is not in KSeF": (
        document(row(quantity="-0.0", net="-0.00"), **CORRECTED),
        invoice(
            line(quantity="-0.0", net="0"),
            total="-0.0",
            correction=CorrectionFacts("3", "x" * 300),
        ),
        {
            "NrKSeF": [],
            "NrKSeFN": ["1"],
            "TypKorekty": ["3"],
            "PrzyczynaKorekty": ["x" * 256],
            "P_8B": ["0"],
            "P_11": ["0.00"],
            "P_15": ["0.00"],
        },
    ),
    "paid correction to zero": (
        document(
            row(quantity="-1.0", net="-100.00"),
            **CORRECTED
            | {
                "payment": "<Platnosc><Zaplacono>1</Zaplacono>"
                "<DataZaplaty>2026-11-10</DataZaplaty><TerminPlatnosci>"
                "<Termin>2026-11-18</Termin></TerminPlatnosci></Platnosc>"
            },
        ),
        invoice(
            line(quantity="-1", net="-100.00"),
            total="-123.00",
            correction=CorrectionFacts("2", "Zły nabywca", KSEF_NUMBER),
        ),
        {"Zaplacono": ["1"], "TerminPlatnosci": []},
    ),
    "what raises an invoice": (
        document(),
        invoice(
            line(),
            correction=CorrectionFacts(
                "1", "Za mało", KSEF_NUMBER, "FV/1", date(2026, 10, 1)
            ),
        ),
        {
            "RodzajFaktury": ["KOR"],
            "DataWystFaKorygowanej": ["2026-10-01"],
            "NrFaKorygowanej": ["FV/1"],
            "NrKSeFFaKorygowanej": [KSEF_NUMBER],
            "TypKorekty": ["1"],
        },
    ),
    "both states of a line": (
        document(row(quantity="-1.0", net="-100.00"), **CORRECTED),
        invoice(
            line(
                quantity="-1",
                net="-100.00",
                states=(
                    LineState(Decimal(3), Decimal(100), Decimal(300)),
                    LineState(Decimal(2), Decimal(100), Decimal(200)),
                ),
            ),
            total="-123.00",
            correction=CorrectionFacts("2", "Zły okres", KSEF_NUMBER),
        ),
        {
            "StanPrzed": ["1"],
            "NrWierszaFa": ["1", "1"],
            "P_8B": ["3", "2"],
            "P_9A": ["100.00", "100.00"],
            "P_11": ["300.00", "200.00"],
        },
    ),
    "code of the group of goods": (
        document(),
        invoice(line(gtu="GTU_12")),
        {"GTU": ["GTU_12"]},
    ),
}


@pytest.mark.parametrize(("xml", "facts", "found"), CASES.values(), ids=CASES)
def test_complete(xml, facts, found):
    done = complete(xml, facts)
    assert {path: texts(done, path) for path in found} == found


@pytest.mark.parametrize(("xml", "facts"), [case[:2] for case in CASES.values()])
def test_a_complete_document_is_valid_and_stays_as_it_is(xml, facts):
    done = complete(xml, facts)
    validate_fa3_xml_xsd(done)
    assert parse_invoice_xml(done).invoice_number == "FV/2026/00001"
    assert complete(done, facts) == done


def test_another_version_is_left_alone():
    xml = document().replace("FA (3)", "FA (4)")
    assert complete(xml, invoice(period=OCTOBER)) == xml


@pytest.mark.parametrize(
    ("rows", "prices"),
    [
        # Numbered anew without the section between them: the order tells.
        ([row(1, net="50.00"), row(2, net="60.00")], ["10.00", "20.00"]),
        # Other amounts: not the lines that are known.
        ([row(1, net="1.00"), row(2, net="2.00")], ["100.00", "100.00"]),
        # By number.
        ([row(1, net="50.00"), row(3, net="60.00")], ["10.00", "20.00"]),
    ],
)
def test_facts_meet_their_lines(rows, prices):
    facts = invoice(
        line(1, quantity="5", net="50.00", price="10"),
        line(3, quantity="3", net="60.00", price="20"),
    )
    assert texts(complete(document(*rows), facts), "P_9A") == prices


WORDS = st.text("AaŻź/ 1", min_size=1).map(str.strip).filter(bool)
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
AMOUNTS = st.decimals(-(10**6), 10**6, places=2)
FACTS = st.builds(
    InvoiceFacts,
    total=AMOUNTS,
    lines=st.tuples(
        st.builds(
            LineFacts,
            number=st.just(1),
            quantity=st.decimals(-999, 999, places=4),
            net=st.just(Decimal("100.00")),
            price=AMOUNTS,
            done_on=st.none() | DAYS,
            rate=st.sampled_from(["", "5"]),
            gtu=st.sampled_from(["", "GTU_12"]),
            annex_15=st.booleans(),
            states=st.none(),
        )
    ),
    period=st.none() | st.just(OCTOBER),
    done_on=st.none() | DAYS,
    contract_number=st.just("") | WORDS,
    contract_date=st.none() | DAYS,
    order_number=st.just("") | WORDS,
    payment_form=st.sampled_from(["", "1", "6"]),
    split_payment=st.booleans(),
    exemption=st.just("") | WORDS,
    buyer_vat=st.none() | st.just(("DE", "136695976")),
    rate=st.none() | st.decimals("0.0001", 100, places=6),
    tax_in_pln=st.just(()) | st.just((("P_14_1", Decimal("97.78")),)),
    correction=st.none()
    | st.builds(
        CorrectionFacts,
        kind=st.sampled_from("123"),
        reason=st.just("") | WORDS,
        number=st.just("") | WORDS,
        issued=st.none() | DAYS,
        ksef_number=st.sampled_from(["", KSEF_NUMBER]),
    ),
)
SOURCES = st.sampled_from([case[0] for case in CASES.values()])


@given(SOURCES, FACTS)
def test_twice_is_once_and_the_order_is_kept(xml, facts):
    done = complete(xml, facts)
    assert complete(done, facts) == done
    for parent in etree.fromstring(done.encode()).iter():
        ranks = tree._RANK.get(etree.QName(parent).localname, {})
        places = [ranks[etree.QName(child).localname] for child in parent if ranks]
        assert places == sorted(places)


@pytest.mark.parametrize(
    ("vat", "country", "found"),
    [
        ("DE136695976", "DE", ("DE", "136695976")),
        ("136695976", "DE", ("DE", "136695976")),
        ("de 136 695 976", "", ("DE", "136695976")),
        ("EL094259216", "GR", ("EL", "094259216")),
        ("094259216", "GR", ("EL", "094259216")),
        ("ATU12345675", "AT", ("AT", "U12345675")),
        ("PL7740001454", "PL", None),
        ("7740001454", "PL", None),
        ("CHE-123.456.788", "CH", None),
        ("US12", "US", None),
        ("", "DE", None),
    ],
)
def test_eu_vat(vat, country, found):
    assert eu_vat(vat, country) == found


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Hours", "godz."),
        ("Godziny", "godz."),
        ("Units", "szt."),
        ("Jednostki", "szt."),
        ("km", "km"),
        ("usł.", "usł."),
    ],
)
def test_unit_name(name, short):
    assert unit_name(name) == short


@pytest.mark.parametrize(
    ("quantity", "net", "known", "price"),
    [
        ("3.25", "536.24", "164.997", "164.997"),
        ("1", "100.00", "100", "100"),
        # The price includes tax: what is known is not net.
        ("1", "100.00", "123", "100.00"),
        ("3", "100.00", "41", "33.333"),
        ("0.5", "1.01", "2.01", "2.01"),
        ("-2", "-10.00", "5", "5"),
        ("0", "0", "7", "7"),
        ("0.33", "60.50", "0", "183.33"),
    ],
)
def test_unit_price(quantity, net, known, price):
    found = unit_price(Decimal(quantity), Decimal(net), Decimal(known))
    assert found == Decimal(price)


@given(
    st.decimals("0.01", 10000, places=2),
    st.decimals("0.01", 10**6, places=2),
)
def test_the_price_gives_the_amount(quantity, net):
    price = unit_price(quantity, net, Decimal(0))
    assert abs(quantity * price - net) <= Decimal("0.005")
    assert -price.as_tuple().exponent <= 8


@pytest.mark.parametrize(
    ("number", "digits", "least", "text"),
    [
        ("-0.0", 6, 0, "0"),
        ("3.250000", 6, 0, "3.25"),
        ("100", 6, 0, "100"),
        ("100", 8, 2, "100.00"),
        ("0.123456789", 8, 2, "0.12345679"),
        ("1E+3", 6, 0, "1000"),
    ],
)
def test_number_text(number, digits, least, text):
    assert number_text(Decimal(number), digits, least) == text


def test_amounts_have_two_decimals_and_zero_no_sign():
    assert amount_text(Decimal("-0.0")) == "0.00"
    assert amount_text(Decimal("-5")) == "-5.00"
