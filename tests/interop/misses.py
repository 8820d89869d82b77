"""A miss, as a client's own test prints it: the text alone is enough to see what to change. With a client in
Python and one in Go; the same in the log as data."""

import functools
import json
import os
import tempfile

import client
import report
import wire
from client import unary
from endpoints import Target
from kinds import CHAT, GET
from recordings import Recording
from serving import serve
from wire import field

SCHEMA = """
syntax = "proto3";
package test;
message Item { string name = 1; int32 cents = 2; repeated Item parts = 3; }
message Order { string customer = 1; Item item = 2; map<string, string> labels = 3; bytes blob = 4; }
service S {
  rpc Get(Order) returns (Item);
  rpc List(Order) returns (stream Item);
  rpc Chat(stream Order) returns (stream Item);
}
"""


def item(name, cents, *parts):
    return field(1, name) + field(2, cents) + b"".join(field(3, part) for part in parts)


def order(customer, thing, **labels):
    entries = b"".join(field(3, field(1, key) + field(2, value)) for key, value in labels.items())
    return field(1, customer) + field(2, thing) + entries


CART = order("ada", item("desk", 9900, item("leg", 500), item("top", 8000)), shop="north", via="web")
CHEAPER = order("ada", item("desk", 9900, item("leg", 550), item("top", 8000)), shop="north", via="web")
RELABELLED = order("ada", item("desk", 9900, item("leg", 500), item("top", 8000)), shop="south", via="web")
LONG = order("ada", item("x" * 10_000 + "old" + "y" * 10_000, 1))
LONG_NOW = order("ada", item("x" * 10_000 + "new" + "y" * 10_000, 1))
MANY = order("ada", item("bag", 1, *(item(f"part {i}", i) for i in range(1, 400))))
MANY_NOW = order("ada", item("bag", 1, *(item(f"part {i}", i + 1000) for i in range(1, 400))))


def one_cart(recording):
    recording.unary(GET, order("somebody else", item("a boat", 1), shop="west"), "other")
    recording.unary(GET, CART, "1")


def diverging(recording):
    ref = recording.stream(CHAT)
    recording.send(ref, CART).recv(ref, "1").send(ref, CART).recv(ref, "2").end(ref)


class Case:
    def __init__(self, sentence, build, calls, told, code="UNKNOWN", reason="NOTHING_EQUAL", schema=True, options=(),
                 untold=()):
        self.sentence, self.build, self.calls, self.told = sentence, build, calls, told
        self.code, self.reason, self.schema, self.options, self.untold = code, reason, schema, options, untold


CASES = [
    Case("the method is not recorded", lambda r: r.unary(GET, CART, "1"), [unary("/test.S/Gett", CART)],
         ["/test.S/Gett", "/test.S/Get"], code="UNIMPLEMENTED", reason="METHOD_NOT_RECORDED"),
    Case("the request is used up, and by which call", lambda r: r.unary(GET, CART, "1"), [unary(GET, CART)] * 2,
         ["used", "call 1"], reason="USED_UP"),
    Case("one field differs: by path, with both values", one_cart, [unary(GET, CHEAPER)],
         ["call 2", "item.parts[0].cents", "500", "550"], untold=["boat", "shop"]),
    Case("one field differs, without a schema: by number", one_cart, [unary(GET, CHEAPER)],
         ["call 2", "2.3[0].2", "500", "550"], schema=False, untold=["boat"]),
    Case("a map's value differs", one_cart, [unary(GET, RELABELLED)], ["call 2", "labels[\"shop\"]", "north", "south"],
         untold=["boat"]),
    Case("a 20 kB field differs in its middle", lambda r: r.unary(GET, LONG, "1"), [unary(GET, LONG_NOW)],
         ["item.name", "ldyyy", "ewyyy"]),
    Case("hundreds of fields differ: the first ones, and how many more", lambda r: r.unary(GET, MANY, "1"),
         [unary(GET, MANY_NOW)], ["item.parts[0].cents", "1001", "more"]),
    Case("nothing recorded is near: no bad advice", lambda r: r.unary(GET, CART, "1"),
         [unary(GET, order("zoe", item("whale", 7)))], ["/test.S/Get"], untold=["desk"]),
    Case("the stream went another way, at which message and field", diverging,
         [client.Call(CHAT, [("send", CART), ("recv", ""), ("send", CHEAPER), ("end", "")])],
         ["message 2", "item.parts[0].cents", "500", "550"], reason="DIVERGED", options=("--strict-streams",)),
]


def error_info(details):
    """The reason in the google.rpc.ErrorInfo among the details of a google.rpc.Status."""
    for number, _, value, _ in wire.fields(details):
        if number == 3 and wire.first(value, 1).endswith(b"google.rpc.ErrorInfo"):
            return wire.first(wire.first(value, 2), 1).decode()
    return None


def misses(case, player):
    recording = Recording()
    case.build(recording)
    with tempfile.TemporaryDirectory() as folder:
        path = recording.write(os.path.join(folder, "calls.replay"))
        schema = os.path.join(folder, "test.proto")
        with open(schema, "w", encoding="ascii") as f:
            f.write(SCHEMA)
        known = ("--schema", schema) if case.schema else ()
        with serve(path, "--log", "json", *known, *case.options) as server:
            outcome = player().play(Target(server.address), case.calls).calls[-1]
            server.process.send_signal(15)
            log, server.report = server.process.communicate(timeout=30)
    printed = outcome.printed
    assert outcome.code == case.code, f"expected {case.code}, found {outcome.code}: {printed}"
    for word in case.told:
        # Python's repr escapes quotes.
        assert word in printed or word.replace('"', '\\"') in printed, f"expected {word!r} in what is printed: {printed}"
    for word in case.untold:
        assert word not in printed, f"expected no {word!r} in what is printed: {printed}"
    assert len(outcome.message) + len(outcome.details) < 4096, f"found {len(outcome.message)} + {len(outcome.details)} B"
    assert error_info(outcome.details) == case.reason, f"expected {case.reason} in {outcome.details!r}"
    last = [json.loads(line) for line in log.splitlines()][-1]
    assert last["outcome"] == "missed" and last["explanation"]["reason"] == case.reason, f"the log has {last}"
    told = server.report.replace("\n  ", " ")
    for word in case.told:
        assert word in told, f"expected serve to say {word!r}, found {told!r}"


def the_log_has_every_difference():
    recording = Recording()
    recording.unary(GET, MANY, "1")
    with tempfile.TemporaryDirectory() as folder:
        path = recording.write(os.path.join(folder, "calls.replay"))
        with serve(path, "--log", "json") as server:
            client.Python().play(Target(server.address), [unary(GET, MANY_NOW)])
            server.process.send_signal(15)
            log, server.report = server.process.communicate(timeout=30)
    explanation = json.loads(log)["explanation"]
    assert "\n  2.3[0].2: recorded 1, sent 1001" in explanation["text"], f"found {explanation['text'][:200]!r}"
    nearest = explanation["nearest"]
    paths = [d["path"] for d in nearest["differences"]]
    assert nearest["call"] == 1 and paths == [f"2.3[{i}].2" for i in range(399)], f"found {nearest['call']}, {paths[:3]}"
    assert nearest["differences"][0] == {"path": "2.3[0].2", "recorded": "1", "sent": "1001"}, \
        f"found {nearest['differences'][0]}"


def tests():
    for player in (client.Python, client.Go):
        for case in CASES:
            yield f"{player.name}: a miss says: {case.sentence}", functools.partial(misses, case, player)
    yield "the log has every difference as data", the_log_has_every_difference


if __name__ == "__main__":
    report.run(tests())
