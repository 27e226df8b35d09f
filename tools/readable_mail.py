"""Mail that programs cannot read is put right before they have to.

Labels of character sets that are missing, unknown or wrong, raw letters in headers, and
characters that no database takes: each of them would stop the import, and the mail
would be lost. What is guessed is a guess, so the caller keeps the original as well.
"""

import base64
import codecs
import email.policy
import quopri
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage, Message

from .gateway import storable

# Headers whose words people read, or that say what a part is.
SEEN = (
    "subject",
    "from",
    "to",
    "cc",
    "reply-to",
    "content-type",
    "content-disposition",
)
# What a mail is known by, answered and filed by.
NEEDED = (
    "Message-ID",
    "In-Reply-To",
    "References",
    "Date",
    "From",
    "To",
    "Cc",
    "Delivered-To",
    "Subject",
    "Auto-Submitted",
    "Precedence",
)
# Polish letters that the two character sets of old programs write otherwise.
WINDOWS = b"\xb9\x9c\x9f\xa5\x8c\x8f"
ISO = b"\xb1\xb6\xbc\xa1\xa6\xac"
# What programs write that label it as the smaller one.
WIDER = {"iso8859-1": "windows-1252", "iso8859-2": "windows-1250"}
# Text in the smaller one has none of these.
NO_TEXT = re.compile("[\x80-\x9f]")
ENCODED = re.compile(r"=\?([^?*\s]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=", re.IGNORECASE)
# Words with raw letters, one after the other.
RAW = re.compile(
    r'[^\s"<>,;]*[^\x00-\x7f][^\s"<>,;]*(?: [^\s"<>,;]*[^\x00-\x7f][^\s"<>,;]*)*'
)
RAW_PARAMETER = re.compile(r'="?([^";]*[^\x00-\x7f][^";]*)"?')
FOLD = re.compile(r"[\r\n]+[ \t]*")


def mend(message: EmailMessage) -> bytes | None:
    """Make a mail readable; the mail as it came, or None where all was well."""
    flaws = [flaw for part in message.walk() for flaw in _flaws(part)]
    # A name for a picture is no guess at what somebody wrote.
    guesses = [flaw for flaw in flaws if flaw[0] is not _give_name]
    original = as_it_came(message) if guesses else None
    for repair, *what in flaws:
        repair(*what)
    return original


def as_it_came(message: Message) -> bytes:
    """The source of a mail, without a look at what its headers mean."""
    return message.as_bytes(policy=email.policy.compat32.clone(linesep="\r\n"))


def essence(message: Message) -> EmailMessage:
    """What stands in for a mail beyond repair: who, to whom, about what, a text."""
    short = EmailMessage(policy=email.policy.SMTP)
    found = {
        name.lower(): str(value) for name, value in reversed([*message.raw_items()])
    }
    for name in NEEDED:
        value = found.get(name.lower(), "")
        plain = _plain_header(value, name)
        try:
            if value:
                short[name] = _line(value) if plain is None else plain
        except (MessageError, ValueError, IndexError):
            # Such a header says nothing to anybody.
            continue
    short.set_content(_first_text(message))
    return short


def guessed(content: bytes, label: str = "") -> str:
    """The character set of text whose label is not true, as is usual in Poland."""
    if wider := WIDER.get(_codec(label)):
        return wider
    try:
        content.decode()
    except UnicodeDecodeError:
        windows, iso = (sum(map(content.count, _bytes(of))) for of in (WINDOWS, ISO))
        return "iso-8859-2" if iso > windows else "windows-1250"
    return "utf-8"


def _flaws(part: Message) -> Iterator[tuple]:
    """How to put a part right, as functions with their arguments."""
    seen = set()
    for name, value in part.raw_items():
        if name.lower() in SEEN and name.lower() not in seen:
            seen.add(name.lower())
            plain = _plain_header(str(value), name)
            if plain is not None:
                yield part.replace_header, name, plain
    if part.is_multipart():
        return
    if part.get_content_maintype() == "text":
        content = part.get_payload(decode=True) or b""
        label = _label(part)
        text = _decoded(content, label)
        if text is None or storable(text) != text.replace("\r", ""):
            yield _write_anew, part, content, label
    elif part.get("content-id") and not part.get_filename():
        # Only what has a name is taken for a picture of the text.
        yield _give_name, part


def _label(part: Message) -> str:
    label = part.get_param("charset")
    return "us-ascii" if label is None else str(label).strip().lower()


def _decoded(content: bytes, label: str) -> str | None:
    """The text, where its label is true."""
    try:
        text = content.decode(label)
    except (LookupError, ValueError):
        return None
    return None if NO_TEXT.search(text) else text


def _codec(label: str) -> str:
    try:
        return codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""


def _write_anew(part: Message, content: bytes, label: str) -> None:
    text = _decoded(content, label)
    charset = label
    if text is None:
        charset = guessed(content, label)
        text = content.decode(charset, "replace")
    if part.get_filename():
        # A file goes on as it is, whatever is in it.
        if charset != label:
            part.set_type("application/octet-stream")
        return
    kind, method = part.get_content_type(), part.get_param("method")
    del part["Content-Type"], part["Content-Transfer-Encoding"]
    part["Content-Type"] = f'{kind}; charset="utf-8"'
    if method:
        # By it calendars tell what they want.
        part.set_param("method", str(method))
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(storable(text).encode()).decode("ascii"))


def _give_name(part: Message) -> None:
    extension = part.get_content_subtype().partition("+")[0]
    if "content-disposition" not in part:
        part["Content-Disposition"] = "inline"
    part.set_param("filename", f"image.{extension}", header="Content-Disposition")


def _plain_header(value: str, name: str) -> str | None:
    """A header in ASCII, its words encoded as they should be; None where they are."""
    if value.isascii() and not any(map(_is_unreadable, ENCODED.finditer(value))):
        return None if storable(value) == value.replace("\r", "") else _line(value)
    if not value.isascii():
        raw = value.encode("utf-8", "surrogateescape")
        value = raw.decode(guessed(raw), "replace")
    readable = ENCODED.sub(
        lambda word: _encoded(_word(word)) if _is_unreadable(word) else word[0], value
    )
    line = _line(readable)
    if name.lower().startswith("content-"):
        line = RAW_PARAMETER.sub(lambda raw: f'="{_encoded(raw[1])}"', line)
    return RAW.sub(lambda words: _encoded(words[0]), line)


def _line(value: str) -> str:
    return storable(FOLD.sub(" ", value))


def _is_unreadable(word: re.Match) -> bool:
    text = _decoded(_word_content(word), word[1])
    if text is None:
        # A letter that is cut in two between words is put together by who reads them.
        return word[1].lower() not in {"utf-8", "utf8"}
    return storable(text) != text


def _word(word: re.Match) -> str:
    content = _word_content(word)
    text = _decoded(content, word[1])
    if text is None:
        text = content.decode(guessed(content, word[1]), "replace")
    return text


def _word_content(word: re.Match) -> bytes:
    """The bytes of an encoded word (RFC 2047)."""
    text = word[3].encode("ascii", "ignore")
    if word[2].lower() == "b":
        try:
            return base64.b64decode(text + b"=" * (-len(text) % 4))
        except ValueError:
            return text
    return quopri.decodestring(text, header=True)


def _encoded(text: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(storable(text).encode()).decode()}?="


def _first_text(message: Message) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/plain" and not part.is_multipart():
            content = part.get_payload(decode=True) or b""
            return storable(content.decode(guessed(content), "replace"))
    return ""


def _bytes(text: bytes) -> Iterator[bytes]:
    return (bytes([code]) for code in text)
