"""Health and reflection, as tools ask for them: with grpc-go's own generated clients (goclient/builtins)."""

import os
import subprocess
import tempfile

import replay_file
import report
from client import text
from recordings import Recording
from serving import serve

ITEM = """
syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
message Item { string sku = 1; google.protobuf.Timestamp at = 2; }
"""
SHOP = """
syntax = "proto3";
package shop;
import "item.proto";
service Cart {
  rpc Add(Item) returns (Item);
  rpc Watch(Item) returns (stream Item);
}
"""

OWN = ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"]


def ask(address, *services):
    program = os.path.join(os.path.dirname(report.tool("RETAKE_GO_CLIENT", "Go client")), "builtins")
    done = subprocess.run([program, address, *services], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def expect(lines, *wanted):
    for line in wanted:
        assert line in lines, f"expected {line!r}, found " + " / ".join(lines)


def with_schema(folder, listen):
    for name, text in (("item.proto", ITEM), ("shop.proto", SHOP)):
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write(text)
    recording = Recording()
    recording.unary("/old.Shop/Get", b"", b"")
    path = os.path.join(folder, "calls.replay")
    recording.write(path)
    with serve(path, "--schema", os.path.join(folder, "shop.proto"), listen=listen) as server:
        lines = ask(server.address, "shop.Cart", "old.Shop", "no.Such")
        expect(lines, *(f'health of "{name}": SERVING, watched: SERVING' for name in ("", "shop.Cart", "old.Shop")),
               'health of "no.Such": NotFound, watched: SERVICE_UNKNOWN',
               "service shop.Cart: shop.proto item.proto google/protobuf/timestamp.proto",
               "symbol shop.Cart again: shop.proto",
               'service old.Shop: error 5: retake: the schema does not have a symbol "old.Shop"',
               "method shop.Cart.Add .shop.Item .shop.Item", "method shop.Cart.Watch .shop.Item .shop.Item",
               "method grpc.health.v1.Health.Check .grpc.health.v1.HealthCheckRequest "
               ".grpc.health.v1.HealthCheckResponse")
        services = [line.split()[1].rstrip(":") for line in lines if line.startswith("service ")]
        assert services == OWN + ["old.Shop", "shop.Cart"], services
        assert not [line for line in lines if line.endswith("missing")], lines
        server.stop()
        assert "served 0, missed 0" in server.report, server.report


def over_tcp():
    with tempfile.TemporaryDirectory() as folder:
        with_schema(folder, "127.0.0.1:0")


def over_a_unix_socket():
    with tempfile.TemporaryDirectory() as folder:
        with_schema(folder, f"unix:{folder}/s.sock")
        assert "s.sock" not in os.listdir(folder)


def gos_reflection():
    program = os.path.join(os.path.dirname(report.tool("RETAKE_GO_CLIENT", "Go client")), "reflection")
    cli = report.tool("RETAKE_CLI", "retake-cli")
    recording = Recording()
    recording.entries.append(replay_file.entry(replay_file.REQUEST, "/grpc.health.v1.Health/Check", text("shop.Cart"),
                                               type_name="grpc.health.v1.HealthCheckRequest"))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "calls.replay")
        recording.write(path)
        with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            place = "reflection:" + server.stdout.readline().strip()
            done = subprocess.run([cli, "print", path, "--schema", place], capture_output=True, text=True, timeout=60)
            server.stdin.close()
        assert done.returncode == 0, done.stderr
        assert '"service": "shop.Cart"' in done.stdout, done.stdout


if __name__ == "__main__":
    report.run([("Go's own health and reflection clients learn what is served", over_tcp),
                ("the same over a Unix socket", over_a_unix_socket),
                ("Go's own reflection server is a schema", gos_reflection)])
