"""Rows of a table: a sentence of how Retake serves, a recording, what a client does, what it gets."""

import contextlib
import dataclasses
import functools
import os
import tempfile

import client
import report
from endpoints import Certificates, Endpoint, endpoints
from recordings import Recording
from serving import serve

TCP = Endpoint("127.0.0.1", "127.0.0.1:0")


@dataclasses.dataclass
class Row:
    sentence: str
    build: object  # fills a Recording
    calls: list
    expected: list  # of each call, as Outcome's text; "*" at the end stands for any
    options: tuple = ()
    check: object = None  # gets the Result, and the report of the server
    parallel: bool = False
    order: list = None


@contextlib.contextmanager
def served(build, endpoint=TCP, options=()):
    """(target, server) of a recording of its own."""
    recording = Recording()
    build(recording)
    with tempfile.TemporaryDirectory() as folder:
        path = recording.write(os.path.join(folder, "calls.replay"))
        listen = endpoint.listen.replace("serve.sock", os.path.basename(folder))
        with serve(path, *options, *endpoint.options, listen=listen) as server:
            yield endpoint.target_of(server.address), server


def run(row, endpoint, player):
    endpoint.need()
    with served(row.build, endpoint, row.options) as (target, server):
        result = player().play(target, row.calls, parallel=row.parallel)
        server.stop()
    found = [str(outcome) for outcome in result.calls]
    # What the text says is for check(): a client has its own words for an end of its own making.
    found = [e if e.endswith("*") and f.startswith(e[:-1]) else f for f, e in zip(found, row.expected)]
    assert found == row.expected, f"expected {row.expected}, found {found}; serve said: {server.report}"
    if row.order is not None:
        assert result.order == row.order, f"expected the order {row.order}, found {result.order}"
    if row.check:
        row.check(result, server.report)


def tests(rows, everywhere=False):
    """(name, function) of each row with each client, and on each kind of endpoint or on TCP alone."""
    with tempfile.TemporaryDirectory() as folder:
        places = endpoints(folder, Certificates(folder)) if everywhere else [TCP]
        for player in (client.Python, client.Go):
            for endpoint in places:
                for row in rows:
                    name = f"{player.name}, {endpoint.name}: {row.sentence}"
                    yield name, functools.partial(run, row, endpoint, player)


def main(rows, everywhere=False):
    report.run(tests(rows, everywhere))
