"""A mail server that keeps what it gets, for the demo and the tests.

with mail_sink.running() as sink:
    ...  # let Odoo's outgoing mail server be 127.0.0.1, port sink.port
    sink.messages
"""

import email
import email.policy
import socketserver
import threading
from contextlib import contextmanager


class Sink:
    """Messages that came, in order; each knows its recipients as `recipients`."""

    def __init__(self):
        self.messages = []
        self.refused = set()  # addresses the server will not take mail for
        self.port = None

    def to(self, address):
        """Messages for one recipient."""
        return [message for message in self.messages if address in message.recipients]


class _Conversation(socketserver.StreamRequestHandler):
    """As much SMTP (RFC 5321) as Python's smtplib speaks."""

    def handle(self):
        self.recipients = []
        self._say("220 mail sink")
        for line in self.rfile:
            command = line.decode().strip()
            verb = command[:4].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "DATA":
                self._take()
            elif verb == "RCPT":
                self._recipient(command)
            else:
                if verb in ("MAIL", "RSET"):
                    self.recipients = []
                self._say("250 ok")

    def _recipient(self, command):
        address = command.partition("<")[2].partition(">")[0]
        if address in self.server.sink.refused:
            self._say("550 no such mailbox")
            return
        self.recipients.append(address)
        self._say("250 ok")

    def _take(self):
        self._say("354 go on")
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b"..") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        message.recipients = list(self.recipients)
        self.server.sink.messages.append(message)
        self._say("250 kept")

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def running(port=0):
    """A sink that listens on this machine until the block ends."""
    with _Server(("127.0.0.1", port), _Conversation) as server:
        server.sink = Sink()
        server.sink.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.sink
        finally:
            server.shutdown()


def attachments(message):
    """Names and contents of what is attached to a message."""
    return {
        part.get_filename(): part.get_content() for part in message.iter_attachments()
    }
