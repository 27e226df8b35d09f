"""Drive a headless Chromium through its DevTools protocol."""

import base64
import itertools
import json
import re
import subprocess
from collections import deque
from threading import Thread

import websocket

# Complete means: fonts are there too. Images are when the page is loaded.
_COMPLETE = "document.fonts.ready.then(() => true)"
_SECONDS = 60


class Browser:
    """A browser process, and the connection to it."""

    def __init__(self, folder):
        self._folder = folder
        self._numbers = itertools.count(1)

    def __enter__(self):
        self._process = subprocess.Popen(
            ["chromium", "--headless", "--remote-debugging-port=0"]
            + [f"--user-data-dir={self._folder / 'profile'}"],
            stderr=subprocess.PIPE,
            text=True,
        )
        for line in self._process.stderr:
            address = re.search(r"DevTools listening on (\S+)", line)
            if address:
                self._socket = websocket.create_connection(
                    address[1], suppress_origin=True, timeout=_SECONDS
                )
                self._drain()
                return self
        raise SystemExit("The browser did not start.")

    def _drain(self):
        # The browser would wait for anyone who reads what it complains of, forever on a
        # long document.
        messages = self._process.stderr
        Thread(target=deque, args=(messages, 0), daemon=True).start()

    def __exit__(self, *_):
        # Asked to end, it ends its children first, which write to the folder.
        self._process.terminate()
        self._process.wait()

    def page(self):
        """An empty page."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        return Page(self, attached["sessionId"])

    def call(self, method, session=None, **params):
        """Call a method of the protocol and give its result."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        self._socket.send(json.dumps(message))
        answer = self._received(lambda message: message.get("id") == number)
        if "error" in answer:
            raise SystemExit(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def wait(self, event):
        """Wait for an event of the protocol."""
        self._received(lambda message: message.get("method") == event)

    def _received(self, wanted):
        while True:
            message = json.loads(self._socket.recv())
            if wanted(message):
                return message


class Page:
    """A page of the browser."""

    def __init__(self, browser, session):
        self._browser = browser
        self._session = session
        self._call("Page.enable")
        # As wkhtmltopdf prints: Odoo's reports are styled for the screen.
        self._call("Emulation.setEmulatedMedia", media="screen")

    def set_cookie(self, name, value, domain):
        """Have a cookie sent with what a local file loads from this host."""
        self._call(
            "Network.setCookie",
            name=name,
            value=value,
            domain=domain,
            path="/",
            sameSite="None",
            secure=True,
        )

    def printed(self, address, **options):
        """The page at this address as the bytes of a PDF."""
        self._call("Page.navigate", url=address)
        self._browser.wait("Page.loadEventFired")
        self._call("Runtime.evaluate", expression=_COMPLETE, awaitPromise=True)
        result = self._call("Page.printToPDF", printBackground=True, **options)
        return base64.b64decode(result["data"])

    def _call(self, method, **params):
        return self._browser.call(method, self._session, **params)
