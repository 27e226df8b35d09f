"""Documents that must never change: their fingerprint, and what could change them."""

import hashlib

from lxml import etree, html

MAX_BYTES = 10 * 1024 * 1024
_PDF_MARK = b"%PDF-"
_TAIL = 1024
# Attributes whose address is shown as a part of the page, unlike that of a link.
_SHOWN = ("src", "srcset", "poster", "data", "background")


def fingerprint(text: str, file: bytes) -> str:
    """The SHA-256 of text and file, in hexadecimal."""
    digest = hashlib.sha256(text.encode())
    digest.update(b"\0")
    digest.update(file)
    return digest.hexdigest()


def is_pdf(file: bytes) -> bool:
    """Whether ``file`` begins and ends as ISO 32000 says that a PDF does."""
    return file.startswith(_PDF_MARK) and b"%%EOF" in file[-_TAIL:]


def outside_parts(text: str) -> list[str]:
    """Addresses of pictures and the like that ``text`` shows, but does not hold.

    What is at an address may be replaced, and no fingerprint of the text would tell.
    """
    if not text.strip():
        return []
    root = html.fragment_fromstring(text, create_parent="div")
    shown = [
        element.get(name)
        for element in root.iter(etree.Element)
        for name in _SHOWN
        if element.get(name)
    ]
    styles = [element.get("style", "") for element in root.iter(etree.Element)]
    shown += [style for style in styles if "url(" in style]
    return [part for part in shown if not part.startswith("data:")]
