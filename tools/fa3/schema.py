"""Validation of FA(3) documents by the official schema, which ``ksef-client`` carries.

The library is optional: without it nothing is found, and the company form says so.
"""

try:
    from ksef_client.documents.fa3 import (
        Fa3CurrencyMismatchError,
        FA3XmlValidationError,
        validate_fa3_xml_xsd,
    )
except ImportError:  # pragma: no cover - the library is there where tests run
    validate_fa3_xml_xsd = None

AVAILABLE = validate_fa3_xml_xsd is not None


def schema_error(xml: str) -> str:
    """What the schema has against a document; empty where it is valid."""
    if not AVAILABLE:
        return ""
    try:
        validate_fa3_xml_xsd(xml)
    except (FA3XmlValidationError, Fa3CurrencyMismatchError) as error:
        return _readable(str(error))
    return ""


def _readable(message: str) -> str:
    """Without the position in the text and the address of the schema."""
    if "SCHEMAV_" in message:
        message = message.rpartition("SCHEMAV_")[2].partition(": ")[2]
    first, *others = message.split("{http")
    return first + "".join(part.partition("}")[2] for part in others)
