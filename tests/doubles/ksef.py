"""A stand-in for KSeF, for the demo and the tests: no invoice leaves this machine.

It speaks the part of the API 2.0 that `l10n_pl_edi` uses, over real HTTP, decrypts
what it gets and keeps it. It can be told to behave badly: see `Ksef`. In a process
with Odoo:

    with ksef.running() as stand_in, ksef.leading(stand_in.url):
        ksef.enroll(company)

`leading` replaces a method of `l10n_pl_edi` in this process alone. There is no switch
in the add-on itself that would send invoices elsewhere.
"""

import base64
import hashlib
import itertools
import json
import re
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch
from xml.etree import ElementTree

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives import padding as blocks
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PENDING, ACCEPTED, FORBIDDEN, DUPLICATE = 150, 200, 410, 440
_WORDS = {
    100: "Faktura przyjęta do dalszego przetwarzania",
    PENDING: "Trwa przetwarzanie",
    ACCEPTED: "Sukces",
    FORBIDDEN: "Nieprawidłowy zakres uprawnień",
    430: "Błąd weryfikacji pliku faktury",
    DUPLICATE: "Duplikat faktury",
    450: "Błąd weryfikacji semantyki dokumentu faktury",
}
# How long KSeF's tokens live.
_LIVES = {"access": timedelta(minutes=15), "refresh": timedelta(days=7)}
_UPO = (
    '<Potwierdzenie xmlns="http://upo.schematy.mf.gov.pl/KSeF/v4-3">'
    "<NazwaPodmiotuPrzyjmujacego>Ministerstwo Finansów (na niby)"
    "</NazwaPodmiotuPrzyjmujacego><Dokument>"
    "<NumerKSeFDokumentu>{number}</NumerKSeFDokumentu>"
    "<SkrotDokumentu>{hash}</SkrotDokumentu></Dokument></Potwierdzenie>"
)


class Ksef:
    """What KSeF holds, and how it is to behave."""

    def __init__(self):
        self.down = False  # answers nothing but 503
        self.answers_to_lose = 0  # takes so many invoices without telling
        self.asks_before_done = 0  # how often “in progress” before the outcome
        self.rejects_with = None  # (code, detail) for every invoice to come
        self.faults = None  # a script of `ksef_faults`
        self.word = {"status": "AVAILABLE"}  # of the ministry's status service
        self.swaps = {}  # reference number asked for: the one that is answered about
        self.requests = []  # “GET /path”, in order
        self.entries = {}  # what was sent, by reference number
        self.by_number = {}  # what was accepted, by KSeF number
        self.sessions = {}  # AES key, IV and NIP, by reference number
        self.tokens = {}  # NIP and the moment it ends, by token
        self.challenges = set()
        self.lock = threading.RLock()
        self.url = None
        self._count = itertools.count(1)
        self._key, self._certificate = _key_and_certificate("KSeF stand-in")

    def accepted(self, number=None):
        """XML of the invoices accepted, or of those with a number of the seller's."""
        return [
            entry["xml"]
            for entry in self.by_number.values()
            if number in (None, entry["facts"]["P_2"])
        ]

    def new(self, kind):
        """A reference number."""
        day = datetime.now(UTC).strftime("%Y%m%d")
        return f"{day}-{kind}-{next(self._count):010X}-0000000000-00"

    def token_for(self, nip, kind="access"):
        token, end = self.new("AT"), datetime.now(UTC) + _LIVES[kind]
        self.tokens[token] = (nip, end)
        return {"token": token, "validUntil": end.isoformat()}

    def open_session(self, encryption, nip):
        key = self._key.decrypt(
            base64.b64decode(encryption["encryptedSymmetricKey"]),
            padding.OAEP(
                mgf=padding.MGF1(algorithm=hashes.SHA256()),
                algorithm=hashes.SHA256(),
                label=None,
            ),
        )
        vector = base64.b64decode(encryption["initializationVector"])
        session = self.new("SO")
        self.sessions[session] = {"key": key, "vector": vector, "nip": nip}
        return session

    def receive(self, session, sent):
        """Decrypt an invoice, keep it and decide about it; its reference number."""
        keys = self.sessions[session]
        decryptor = Cipher(
            algorithms.AES(keys["key"]), modes.CBC(keys["vector"])
        ).decryptor()
        padded = decryptor.update(base64.b64decode(sent["encryptedInvoiceContent"]))
        unpadder = blocks.PKCS7(128).unpadder()
        xml = unpadder.update(padded + decryptor.finalize()) + unpadder.finalize()
        digest = base64.b64encode(hashlib.sha256(xml).digest()).decode()
        if digest != sent["invoiceHash"] or len(xml) != sent["invoiceSize"]:
            raise ValueError("The invoice is not what its hash and size say.")
        reference = self.new("EE")
        entry = {"xml": xml, "hash": digest, "session": session, "number": None}
        entry |= {"facts": _facts(xml), "reference": reference}
        entry["offline"] = sent.get("offlineMode", False)
        entry["replaces"] = sent.get("hashOfCorrectedInvoice")
        entry["asks"] = self.asks_before_done
        self._decide(entry, keys["nip"])
        self.entries[reference] = entry
        return reference

    def _decide(self, entry, nip):
        facts = entry["facts"]
        identity = (facts["NIP"], facts["RodzajFaktury"], facts["P_2"])
        earlier = [
            other for other in self.by_number.values() if other["identity"] == identity
        ]
        entry |= {"identity": identity, "details": [], "extensions": {}}
        if facts["NIP"] != nip:
            entry["code"] = FORBIDDEN
        elif self.rejects_with:
            entry["code"], detail = self.rejects_with
            entry["details"] = [detail]
        elif earlier:
            entry["code"] = DUPLICATE
            entry["extensions"] = {
                "originalSessionReferenceNumber": earlier[0]["session"],
                "originalKsefNumber": earlier[0]["number"],
            }
        else:
            entry["code"] = ACCEPTED
            day = datetime.now(UTC).strftime("%Y%m%d")
            entry["number"] = f"{nip}-{day}-{next(self._count):012X}-00"
            self.by_number[entry["number"]] = entry

    def status_of(self, reference):
        """The answer to “what became of it?”"""
        entry = self.entries[self.swaps.get(reference, reference)]
        if entry["asks"] > 0:
            entry["asks"] -= 1
            return {
                "referenceNumber": reference,
                "status": {"code": PENDING, "description": _WORDS[PENDING]},
            }
        code = entry["code"]
        status = {"code": code, "description": _WORDS.get(code, "Odrzucona")}
        if entry["details"]:
            status["details"] = entry["details"]
        if entry["extensions"]:
            status["extensions"] = entry["extensions"]
        answer = {
            "referenceNumber": reference,
            "invoiceNumber": entry["facts"]["P_2"],
            "invoiceHash": entry["hash"],
            "status": status,
        }
        if entry["number"]:
            answer["ksefNumber"] = entry["number"]
        return answer

    def public_keys(self):
        der = self._certificate.public_bytes(serialization.Encoding.DER)
        usage = ["SymmetricKeyEncryption", "KsefTokenEncryption"]
        return [{"certificate": base64.b64encode(der).decode(), "usage": usage}]


class _Handler(BaseHTTPRequestHandler):
    """One request; routes are the methods named in `_ROUTES`."""

    protocol_version = "HTTP/1.1"
    _fault = "none"  # what goes wrong with this request

    def do_GET(self):
        self._answer()

    def do_POST(self):
        self._answer()

    def log_message(self, *_arguments):
        """Keep the terminal quiet."""

    @property
    def ksef(self):
        return self.server.ksef

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.split("?")[0].removeprefix("/v2")
        with self.ksef.lock:
            self.ksef.requests.append(f"{self.command} {path}")
            fault = self.ksef.faults.next() if self.ksef.faults else "none"
            if path == "/latarnia/status":
                return self._send(self.ksef.word or {}, 200 if self.ksef.word else 503)
            if self.ksef.down or fault == "away":
                return self._send({"error": "KSeF jest niedostępny"}, 503)
            if fault == "busy":
                return self._send({"error": "Zbyt wiele żądań"}, 429)
            if fault == "closed":
                self.ksef.sessions.clear()
            self._fault = fault
            for method, pattern, needs_token, name in _ROUTES:
                found = method == self.command and re.fullmatch(pattern, path)
                if found:
                    nip = self._nip()
                    if needs_token and nip is None:
                        return self._send({"error": "Brak uwierzytelnienia"}, 401)
                    return getattr(self, name)(body, nip, *found.groups())
        return self._send({"error": "Nie znaleziono"}, 404)

    def _nip(self):
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        nip, end = self.ksef.tokens.get(token, (None, None))
        return nip if end and datetime.now(UTC) < end else None

    def _send(self, content, status=200):
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        if self._fault == "lost":
            self.close_connection = True
            return
        self.send_response(HTTPStatus(status))
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def public_keys(self, _body, _nip):
        self._send(self.ksef.public_keys())

    def challenge(self, _body, _nip):
        challenge = self.ksef.new("CR")
        self.ksef.challenges.add(challenge)
        self._send({"challenge": challenge, "timestamp": "2026-01-01T00:00:00Z"})

    def xades(self, body, _nip):
        """The signature itself is taken on trust, as no tax office checks here."""
        values = {_tag(node): node.text for node in ElementTree.fromstring(body).iter()}
        if values["Challenge"] not in self.ksef.challenges or (
            "X509Certificate" not in values
        ):
            return self._send({"error": "Błędny podpis"}, 400)
        return self._authenticated(values["Nip"])

    def ksef_token(self, body, _nip):
        self._authenticated(json.loads(body)["ContextIdentifier"]["Value"])

    def _authenticated(self, nip):
        token = self.ksef.token_for(nip)
        reference = self.ksef.new("AU")
        self._send({"referenceNumber": reference, "authenticationToken": token})

    def authentication(self, _body, _nip, _reference):
        self._send({"status": {"code": 200, "description": "Sukces"}})

    def redeem(self, _body, nip):
        tokens = {kind: self.ksef.token_for(nip, kind) for kind in _LIVES}
        self._send({f"{name}Token": token for name, token in tokens.items()})

    def refresh(self, _body, nip):
        self._send({"accessToken": self.ksef.token_for(nip)})

    def open_session(self, body, nip):
        session = self.ksef.open_session(json.loads(body)["encryption"], nip)
        self._send({"referenceNumber": session}, 201)

    def session(self, _body, _nip, reference):
        if reference not in self.ksef.sessions:
            return self._send({"error": "Nie ma takiej sesji"}, 404)
        return self._send({"status": {"code": 100, "description": "Sesja otwarta"}})

    def close_session(self, _body, _nip, reference):
        self.ksef.sessions.pop(reference, None)
        self._send(b"", 204)

    def send_invoice(self, body, _nip, session):
        if session not in self.ksef.sessions:
            return self._send({"error": "Nie ma takiej sesji"}, 400)
        reference = self.ksef.receive(session, json.loads(body))
        if self.ksef.answers_to_lose:
            self.ksef.answers_to_lose -= 1
            self.close_connection = True
            return None
        return self._send({"referenceNumber": reference}, 202)

    def invoices(self, _body, _nip, session):
        mine = (e for e in self.ksef.entries.values() if e["session"] == session)
        self._send({"invoices": [self.ksef.status_of(e["reference"]) for e in mine]})

    def invoice(self, _body, _nip, _session, reference):
        if reference not in self.ksef.entries:
            return self._send({"error": "Nie ma takiej faktury"}, 404)
        if self._fault == "stuck":
            self.ksef.entries[reference]["asks"] += 1
        about = reference
        if self._fault == "swapped":
            about = self.ksef.faults.other(list(self.ksef.entries), reference)
        return self._send(self.ksef.status_of(about))

    def upo(self, _body, _nip, _session, reference):
        entry = self.ksef.entries[reference]
        self._send(_UPO.format(**entry).encode())

    def download(self, _body, _nip, number):
        entry = self.ksef.by_number.get(number)
        if entry is None:
            return self._send({"error": "Nie ma takiej faktury"}, 404)
        return self._send(entry["xml"])


_ROUTES = [
    ("GET", "/security/public-key-certificates", False, "public_keys"),
    ("POST", "/auth/challenge", False, "challenge"),
    ("POST", "/auth/xades-signature", False, "xades"),
    ("POST", "/auth/ksef-token", False, "ksef_token"),
    ("POST", "/auth/token/redeem", True, "redeem"),
    ("POST", "/auth/token/refresh", True, "refresh"),
    ("GET", "/auth/([^/]+)", True, "authentication"),
    ("POST", "/sessions/online", True, "open_session"),
    ("POST", "/sessions/online/([^/]+)/close", True, "close_session"),
    ("POST", "/sessions/online/([^/]+)/invoices", True, "send_invoice"),
    ("GET", "/sessions/(?:online/)?([^/]+)/invoices", True, "invoices"),
    ("GET", "/sessions/([^/]+)", True, "session"),
    ("GET", "/sessions/([^/]+)/invoices/([^/]+)", True, "invoice"),
    ("GET", "/sessions/([^/]+)/invoices/([^/]+)/upo", True, "upo"),
    ("GET", "/invoices/ksef/([^/]+)", True, "download"),
]


@contextmanager
def running(port=0):
    """A stand-in that listens on this machine until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
    server.daemon_threads = True
    server.ksef = Ksef()
    server.ksef.url = f"http://127.0.0.1:{server.server_port}/v2"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.ksef
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def leading(url):
    """Let `l10n_pl_edi` talk to the stand-in while the block lasts."""
    from odoo.addons.l10n_pl_edi.tools.ksef_api_service import KsefApiService

    return patch.object(KsefApiService, "_get_api_url", lambda _service: url)


def enroll(company):
    """Register a company with a certificate made for the purpose, as settings do it."""
    env = company.with_company(company).sudo().env
    stored = _stored(env, company, "KSeF")
    # Should it ever be used without the stand-in, it must not find the real KSeF.
    env["service.ksef.connection"]._of(company)._confirm("test")
    settings = env["res.config.settings"].create({"company_id": company.id})
    settings.l10n_pl_edi_certificate = stored
    return stored


def enroll_offline(company):
    """Give a company a certificate for the second code of invoices issued offline."""
    env = company.with_company(company).sudo().env
    company.sudo().service_ksef_offline_certificate_id = _stored(
        env, company, "Offline"
    )
    return company.sudo().service_ksef_offline_certificate_id


def withdraw(company):
    """Let the company have nothing to do with KSeF any more, as settings do it."""
    env = company.with_company(company).sudo().env
    settings = env["res.config.settings"].create({"company_id": company.id})
    settings.l10n_pl_edi_certificate = False
    env["service.ksef.connection"]._of(company).action_withdraw()


def _stored(env, company, purpose):
    """A certificate with its key, made for the purpose."""
    nip = re.sub(r"\D", "", company.vat)
    key, certificate = _key_and_certificate(f"Testowa pieczęć {nip}")
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    stored_key = env["certificate.key"].create(
        {
            "name": f"{purpose} {nip}",
            "content": base64.b64encode(private),
            "company_id": company.id,
        }
    )
    return env["certificate.certificate"].create(
        {
            "name": f"{purpose} {nip}",
            "content": base64.b64encode(certificate.public_bytes(pem)),
            "private_key_id": stored_key.id,
            "company_id": company.id,
        }
    )


def _key_and_certificate(name):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * 50))
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def _facts(xml):
    """What KSeF tells invoices apart by: seller's NIP, kind and number."""
    root = ElementTree.fromstring(xml)
    wanted = ("NIP", "RodzajFaktury", "P_2")
    facts = {}
    for node in root.iter():
        # The seller is the first with a NIP.
        if _tag(node) in wanted:
            facts.setdefault(_tag(node), node.text)
    return facts


def _tag(node):
    return node.tag.rpartition("}")[2]
