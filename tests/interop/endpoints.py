"""The kinds of endpoint that serve can listen on, and how a client reaches each."""

import dataclasses
import os
import socket
import subprocess

import report


@dataclasses.dataclass
class Target:
    """How a client reaches a server; TLS where there is a CA."""
    address: str
    ca: str = ""
    cert: str = ""
    key: str = ""
    name: str = ""


class Certificates:
    """A CA, a server's certificate for localhost and 127.0.0.1, and a client's, as PEM files in `folder`."""

    def __init__(self, folder):
        self._folder = folder
        self.ca = self.path("ca.pem")
        self._run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                  "-subj", "/CN=test CA", "-keyout", self.path("ca.key"), "-out", self.ca)
        for name in ("server", "client"):
            self._sign(name)

    def path(self, name):
        return os.path.join(self._folder, name)

    def _run(self, *arguments):
        done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"openssl {arguments[0]}: {done.stderr}"

    def _sign(self, name):
        key, request, extensions = self.path(name + ".key"), self.path(name + ".csr"), self.path(name + ".ext")
        with open(extensions, "w", encoding="ascii") as f:
            f.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        self._run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
                  "-keyout", key, "-out", request)
        self._run("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.path("ca.key"), "-CAcreateserial",
                  "-days", "2", "-extfile", extensions, "-out", self.path(name + ".pem"))


@dataclasses.dataclass
class Endpoint:
    name: str
    listen: str
    options: tuple = ()
    target: dict = dataclasses.field(default_factory=dict)

    def target_of(self, address):
        return Target(address=address, **self.target)

    def need(self):
        """Skips where the machine has no such addresses."""
        if not self.listen.startswith("[::1]"):
            return
        try:
            with socket.socket(socket.AF_INET6) as probe:
                probe.bind(("::1", 0))
        except OSError as why:
            raise report.Skip(f"no IPv6 here: {why}") from why


def endpoints(folder, certificates):
    """All of them. The folder is where the Unix socket goes."""
    tls = ("--tls-cert", certificates.path("server.pem"), "--tls-key", certificates.path("server.key"))
    trusts = {"ca": certificates.ca, "name": "localhost"}
    shows = {"cert": certificates.path("client.pem"), "key": certificates.path("client.key")}
    return [
        Endpoint("127.0.0.1", "127.0.0.1:0"),
        Endpoint("[::1]", "[::1]:0"),
        Endpoint("localhost", "localhost:0"),
        Endpoint("unix", "unix:" + os.path.join(folder, "serve.sock")),
        Endpoint("TLS", "127.0.0.1:0", tls, trusts),
        Endpoint("mutual TLS", "127.0.0.1:0", (*tls, "--tls-client-ca", certificates.ca), {**trusts, **shows}),
    ]
