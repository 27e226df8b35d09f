"""What a person reads in KSeF's receipt."""

from tools.ksef_receipt import receipt_facts

RECEIPT = """<?xml version="1.0" encoding="utf-8"?>
<Potwierdzenie xmlns="http://upo.schematy.mf.gov.pl/KSeF/v4-3">
<NazwaPodmiotuPrzyjmujacego>Ministerstwo Finansów</NazwaPodmiotuPrzyjmujacego>
<Dokument><NipSprzedawcy>5252344078</NipSprzedawcy>
<NumerKSeFDokumentu>5252344078-20261104-0200A0D6723E-C2</NumerKSeFDokumentu>
<TrybWysylki> Offline </TrybWysylki></Dokument></Potwierdzenie>"""


def test_facts_in_their_order():
    assert list(receipt_facts(RECEIPT.encode()).items()) == [
        ("NazwaPodmiotuPrzyjmujacego", "Ministerstwo Finansów"),
        ("NipSprzedawcy", "5252344078"),
        ("NumerKSeFDokumentu", "5252344078-20261104-0200A0D6723E-C2"),
        ("TrybWysylki", "Offline"),
    ]
