"""The main job in the real window, with real key strokes: open, choose a call, change a field, undo,
redo, save, serve, and a client in another language gets the new value. Pictures of the way lie in
RETAKE_PICTURES."""

import contextlib
import functools
import glob
import os
import shutil
import tempfile

import player
import replay_file
import report
import wire
from screen import screen, until

SAMPLE = report.here("..", "..", "resources", "samples", "depot")
EDITED, EDITED_WHILE_SERVING = 2, 3  # two GetQuote calls with different requests


def cents(quote):
    """Quote.price.cents"""
    return wire.first(wire.first(quote, 1), 2)


def calls_of(path):
    return replay_file.read(path)[2]


def recorded_cents(path, number):
    return cents(calls_of(path)[number - 1].answer()[0][0])


def listening_ports(process):
    """The TCP ports that a process listens on, from /proc."""
    inodes = set()
    for link in glob.glob(f"/proc/{process.pid}/fd/*"):
        with contextlib.suppress(OSError):
            inodes.add(os.readlink(link))
    ports = []
    for table in ("tcp", "tcp6"):
        with open(f"/proc/{process.pid}/net/{table}", encoding="ascii") as f:
            for row in f.readlines()[1:]:
                columns = row.split()
                if columns[3] == "0A" and f"socket:[{columns[9]}]" in inodes:
                    ports.append(int(columns[1].rpartition(":")[2], 16))
    return ports


class Desk:
    """The window on its screen, with a copy of the sample open."""

    def __init__(self, hand, program, path, schema, pictures):
        self.hand = hand
        self.program = program
        self.process = None
        self.path = path
        self.schema = schema
        self.pictures = pictures
        self.taken = 0

    def start(self):
        self.process = self.hand.start(self.program, self.path, *self.schema)
        self.hand.wait_for_window("depot.replay")

    def kept_edits(self):
        """What the window has on disk of edits that are not saved."""
        return glob.glob(os.path.join(self.hand.environment["XDG_DATA_HOME"], "**", "edits.json"), recursive=True)

    def picture(self, name):
        self.taken += 1
        self.hand.picture(os.path.join(self.pictures, f"{self.taken:02}-{name}.png"))

    def is_dirty(self):
        return "*" in self.hand.title()

    def choose_call(self, number):
        self.hand.keys("ctrl+g")
        dialog = until("the dialog that asks for a call", lambda: self.hand.windows("Go to call"))
        self.hand.keys("ctrl+a")
        self.hand.type(str(number))
        self.hand.keys("Return")
        until("the dialog to close", lambda: dialog and not self.hand.windows("Go to call"))

    def type_cents(self, value):
        """Changes the value in the fourth line of the JSON: "cents": "491", or "2:varint": 491 by number."""
        self.hand.keys("alt+2")
        self.hand.click(0.8, 0.52)  # into the text, in the right half of the window
        self.hand.keys("ctrl+Home", "Down", "Down", "Down", "End")
        if self.schema:
            self.hand.keys("BackSpace")
        self.hand.keys("ctrl+BackSpace")
        self.hand.type(f'{value}"' if self.schema else str(value))

    def ask(self, port, number):
        """What a client gets that repeats the request of a call: the cents of the quote."""
        call = calls_of(self.path)[number - 1]
        with player.open_channel(f"127.0.0.1:{port}") as channel:
            messages, end = player.unary(channel, call)
        assert end == replay_file.OK, f"call {number}: expected a quote, found {end}"
        return cents(messages[0])


@contextlib.contextmanager
def desk(with_schema):
    program = report.tool("RETAKE_GUI", "window")
    pictures = os.path.join(os.environ.get("RETAKE_PICTURES") or tempfile.gettempdir(),
                            "with-schema" if with_schema else "without-schema")
    os.makedirs(pictures, exist_ok=True)
    with screen() as hand, tempfile.TemporaryDirectory() as folder:
        path, schema = (shutil.copy(SAMPLE + ending, folder) for ending in (".replay", ".proto"))
        here = Desk(hand, program, path, [schema] if with_schema else [], pictures)
        try:
            here.start()
            yield here
        except Exception:
            here.picture("where-it-failed")
            raise
        finally:
            if here.process and here.process.poll() is None:
                here.process.kill()
                here.process.wait(timeout=20)


def main_job(with_schema):
    with desk(with_schema) as d:
        before = recorded_cents(d.path, EDITED)
        d.picture("opened")
        d.choose_call(EDITED)
        d.type_cents(777)
        d.picture("typed")
        assert recorded_cents(d.path, EDITED) == before, "typing alone changed the file"
        d.hand.keys("ctrl+Return")
        until("the title to say that there are changes", d.is_dirty)
        d.picture("edited")
        d.hand.keys("ctrl+2", "ctrl+z")
        until("no changes after undo", lambda: not d.is_dirty())
        d.picture("undone")
        d.hand.keys("ctrl+shift+z")
        until("changes after redo", d.is_dirty)
        d.hand.keys("ctrl+s")
        until("no changes after saving", lambda: not d.is_dirty())
        assert recorded_cents(d.path, EDITED) == 777, f"the file has {recorded_cents(d.path, EDITED)}"
        d.picture("saved")

        d.hand.keys("F5")
        (port,) = until("a port that is listened on", functools.partial(listening_ports, d.process))
        got = d.ask(port, EDITED)
        assert got == 777, f"the client got {got}"
        d.picture("served")

        # An edit counts at the next call; nothing is saved or started again.
        d.choose_call(EDITED_WHILE_SERVING)
        d.type_cents(888)
        d.hand.keys("ctrl+Return")
        until("changes", d.is_dirty)
        got = d.ask(port, EDITED_WHILE_SERVING)
        assert got == 888, f"the client got {got} while serving"
        d.picture("edited-while-serving")

        d.hand.keys("F5")
        until("no port after stopping", lambda: not listening_ports(d.process))
        # Closing asks, since there are changes; Escape stays.
        d.hand.keys("ctrl+q")
        until("the question on closing", lambda: len(d.hand.windows(".")) > 1)
        d.picture("asked-on-closing")
        d.hand.keys("Escape")
        until("the question to go", lambda: len(d.hand.windows(".")) == 1)
        assert d.process.poll() is None, "Escape closed the window"
        d.hand.keys("ctrl+s")
        until("no changes after saving again", lambda: not d.is_dirty())
        d.hand.keys("ctrl+q")
        code = d.process.wait(timeout=30)
        assert code == 0, f"the window ended with {code}"
        assert recorded_cents(d.path, EDITED_WHILE_SERVING) == 888


def edits_survive_a_kill():
    with desk(True) as d:
        d.choose_call(EDITED)
        d.type_cents(777)
        d.hand.keys("ctrl+Return")
        until("the edit to be kept on disk", d.kept_edits)
        d.process.kill()
        d.process.wait(timeout=20)
        assert recorded_cents(d.path, EDITED) != 777
        d.start()
        d.picture("offered")
        d.hand.click(0.828, 0.091)  # Recover, in the bar above the timeline
        until("the edits to be back", d.is_dirty)
        d.picture("recovered")
        d.hand.keys("ctrl+s")
        until("no changes after saving", lambda: not d.is_dirty())
        assert recorded_cents(d.path, EDITED) == 777
        until("nothing to recover", lambda: not d.kept_edits())


if __name__ == "__main__":
    report.run([("unsaved edits survive kill -9", edits_survive_a_kill),
                *((f"edit, undo, redo, save and serve with real keys, {words}", functools.partial(main_job, with_schema))
                  for words, with_schema in (("with a schema", True), ("without one", False)))])
