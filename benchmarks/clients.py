"""Clients that call Odoo over RPC all at once, each from a thread of its own."""

import http.client
import itertools
import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import NamedTuple

from workbench import layout, server

_SECONDS_TO_ANSWER = 60


class Client(NamedTuple):
    """Someone with an API key, and the values of the records to create in turn."""

    key: str
    vals_list: list


class Answer(NamedTuple):
    """What came back for the values: an id, or None where the request was lost."""

    vals: dict
    id: int | None
    seconds: float


class Round(NamedTuple):
    """All answers the clients got in so many seconds."""

    answers: list
    seconds: float


@contextmanager
def serving(database, processes):
    """The port where so many processes of Odoo serve the database."""
    log = layout.LOG / "bench.log"
    port = server.free_port()
    options = [f"--workers={processes}", f"--gevent-port={server.free_port()}"]
    odoo = server.start(database, port, log, "--max-cron-threads=0", *options)
    try:
        server.wait(odoo, port, log)
        yield port
    finally:
        odoo.terminate()
        odoo.wait()


def create(port, model, clients, seconds):
    """Let the clients create records for so long, each the next when one is done."""
    started = time.monotonic()

    def work(client):
        answers = []
        queue = itertools.cycle(client.vals_list)
        while time.monotonic() < started + seconds:
            answers.append(_created(port, model, client.key, next(queue)))
        return answers

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = [*itertools.chain.from_iterable(pool.map(work, clients))]
    return Round(answers, time.monotonic() - started)


def _created(port, model, key, vals):
    started = time.monotonic()
    try:
        status, body = _post(
            port, f"/json/2/{model}/create", key, {"vals_list": [vals]}
        )
    except (OSError, http.client.HTTPException):
        status, body = None, b""
    (id_,) = json.loads(body) if status == 200 else [None]
    return Answer(vals, id_, time.monotonic() - started)


def _post(port, path, key, arguments):
    # Odoo's processes answer one request and then hang up.
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=_SECONDS_TO_ANSWER
    )
    with closing(connection):
        headers = {
            "Authorization": f"bearer {key}",
            "Content-Type": "application/json",
        }
        connection.request("POST", path, json.dumps(arguments), headers)
        response = connection.getresponse()
        return response.status, response.read()
