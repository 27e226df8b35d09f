"""Links by which the holder of an invoice verifies it in KSeF (code I), and who issued
it where KSeF has not got it yet (code II)."""

import base64
import hashlib
from datetime import date

try:
    from ksef_client.config import KsefClientOptions, KsefEnvironment
    from ksef_client.services.qr import generate_qr_png
    from ksef_client.services.verification_link import VerificationLinkService
except ImportError:  # The library is optional: without it there is no link.
    VerificationLinkService = None


def verification_link(nip: str, issued: date, xml: bytes, *, test: bool = False) -> str:
    """The address that shows an invoice in KSeF to anyone who scans it.

    Empty where ksef-client is not installed. Source: ksef-docs, "kody QR", code I.

    :param nip: tax number of the seller, with or without its country
    :param issued: the day of issue in the invoice (P_1)
    :param xml: the file as it was sent, to the byte
    :param test: whether it was sent to the test environment
    """
    digits = "".join(filter(str.isdigit, nip))
    if VerificationLinkService is None or not digits:
        return ""
    environment = KsefEnvironment.TEST if test else KsefEnvironment.PROD
    service = VerificationLinkService(KsefClientOptions(base_url=environment.value))
    digest = base64.b64encode(hashlib.sha256(xml).digest()).decode()
    return service.build_invoice_verification_url(digits, issued, digest)


def certificate_link(
    nip: str,
    serial: int,
    xml: bytes,
    key: str,
    *,
    password: str = "",
    test: bool = False,
) -> str:
    """The address that says who issued an invoice offline, signed by the certificate.

    Empty where ksef-client is not installed. Source: ksef-docs, "kody QR", code II.

    :param nip: tax number of the seller, with or without its country
    :param serial: number of the offline certificate
    :param xml: the file as it will be sent, to the byte
    :param key: private key of the certificate, in PEM
    """
    digits = "".join(filter(str.isdigit, nip))
    if VerificationLinkService is None or not digits:
        return ""
    environment = KsefEnvironment.TEST if test else KsefEnvironment.PROD
    service = VerificationLinkService(KsefClientOptions(base_url=environment.value))
    return service.build_certificate_verification_url(
        seller_nip=digits,
        context_identifier_type="Nip",
        context_identifier_value=digits,
        certificate_serial=f"{serial:016X}",
        invoice_hash=base64.b64encode(hashlib.sha256(xml).digest()).decode(),
        private_key_pem=key,
        private_key_password=password or None,
    )


def qr_image(link: str) -> bytes:
    """A PNG of ``link`` as a QR code; empty without the libraries that draw it."""
    if not link:
        return b""
    try:
        return generate_qr_png(link, box_size=4)
    except RuntimeError:  # Drawing is an extra of ksef-client that may be missing.
        return b""
