"""Sending of invoices: when to try again, and whether KSeF holds the same invoice."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lxml import etree

# A failure is often over in minutes; later ones need a person, who needs time.
_PAUSES = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
_DAILY = timedelta(days=1)
# KSeF's codes of an invoice it has not decided about yet.
PENDING = frozenset({100, 150})
DUPLICATE = 440


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts in a row.

    >>> pause_after(1)
    datetime.timedelta(seconds=900)
    """
    if attempts < 1:
        raise ValueError("Nothing has failed yet.")
    return _PAUSES[attempts - 1] if attempts <= len(_PAUSES) else _DAILY


def same_invoice(ours: bytes, theirs: bytes) -> bool:
    """Whether two FA(3) documents say the same, the moment of their making apart."""
    return _essence(ours) == _essence(theirs)


def digest_of(file: bytes) -> str:
    """The SHA-256 of a file as KSeF writes it, in base64."""
    return base64.b64encode(hashlib.sha256(file).digest()).decode()


def is_of(file: bytes, digest: str) -> bool:
    """Whether a SHA-256 as KSeF writes it, in base64, is that of ``file``."""
    return digest_of(file) == digest.strip()


def rejection(status: Mapping[str, Any]) -> str:
    """What KSeF says in its words about an invoice it did not take.

    :param status: ``status`` of KSeF's answer: code, description, details
    """
    words = [status.get("description"), *(status.get("details") or ())]
    text = " ".join(word.strip() for word in words if word)
    return f"{status.get('code')}: {text}" if text else str(status.get("code"))


def _essence(xml: bytes) -> bytes:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_blank_text=True
    )
    root = etree.fromstring(xml, parser)
    # The header says when and by what program the file was made.
    for header in root.findall("{*}Naglowek"):
        root.remove(header)
    return etree.tostring(root, method="c14n")
