"""A service of the mesh in Python, with the standard library alone: hears events, each once in effect, and says its own.

    from hms_mesh import Mesh

    mesh = Mesh(__file__)

    @mesh.hears("claim.approved")
    def review(claim, event, work):
        work.save("reviewed/" + claim["claimId"], True)
        return [("agency.benefit.reviewed", {"claimId": claim["claimId"]})]

    if __name__ == "__main__":
        mesh.run()

What a handler saves by its third argument (which it may leave out) and what it returns, to be said, is written in one transaction with
the note that the event was handled, and then said. A handler that fails runs again; one that is done never does. Payloads are checked
against the contracts before they leave and when they arrive. README.md beside this file tells what holds and what does not.
"""

import datetime
import inspect
import os
import pathlib
import re
import signal
import socket
import sys
import threading
import time
import uuid
from http.server import ThreadingHTTPServer

import hms_json
import hms_schema
from hms_http import routes
from hms_inbox import Inbox, Work, key_of
from hms_sidecar import PUBSUB, Sidecar

LARGEST_DATA = 64 << 10
LONGEST = 512
SUCCESS, RETRY, DROP = "SUCCESS", "RETRY", "DROP"


class Mesh:
    def __init__(self, program):
        folder = pathlib.Path(program).resolve().parent
        self.app = os.environ.get("APP_ID") or folder.name
        self._port = int(os.environ.get("APP_PORT") or 0)
        self.app_token = os.environ.get("APP_API_TOKEN", "")
        self._contracts = _contracts(folder)
        self._sidecar = Sidecar()
        self._inbox = Inbox(self._sidecar, self.log)
        self._handlers = {}
        self._usable = set()
        self._last = 0
        self._connections = set()
        self._lock = threading.Lock()

    def hears(self, topic):
        """The function that handles a topic's events: it gets the data, the envelope and, where it takes a third argument, the Work that
        reads and saves state. It returns pairs of topic and data that are to be said, or None."""
        if topic not in self._contracts:
            raise SystemExit(f"no contract names the topic {topic}: the service that says it has contracts/{topic}.json")
        try:
            hms_schema.usable(self._contracts[topic])
        except hms_schema.SchemaError as error:
            raise SystemExit(f"the contract of {topic} cannot be used: {error}") from None

        def keep(handler):
            takes_work = len(inspect.signature(handler).parameters) > 2
            self._handlers[topic] = handler if takes_work else lambda data, event, _: handler(data, event)
            return handler

        return keep

    def log(self, text):
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%H:%M:%S.%f")[:-3]
        print(f"{now} {text}", flush=True)

    def run(self):
        server = _Server(("127.0.0.1", self._port), routes(self))
        port = server.server_address[1]
        self._inbox.start(f"{socket.gethostname()}:{port}")
        threading.Thread(target=server.serve_forever, name="http").start()
        self.log(f"{self.app} listens on port {port}")
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        ended.wait()
        server.shutdown()
        # Connections that the sidecar keeps would be waited for; what was read of them is answered still.
        with self._lock:
            open_ones = list(self._connections)
        for connection in open_ones:
            try:
                connection.shutdown(socket.SHUT_RD)
            except OSError:
                pass  # closed just now
        server.server_close()

    def hears_it(self, topic):
        return topic in self._handlers

    def deliver(self, topic, body):
        """One delivery; what the sidecar is told, and whether it was handled before."""
        # What is dropped would be the same when tried again; the dead letter topic keeps it.
        try:
            event = hms_json.parse(body)
            _check_envelope(event)
        except ValueError as fault:
            self.log(f"{topic} came as no event: {fault}")
            return DROP, False
        try:
            hms_schema.check(self._contracts[topic], event.get("data"))
        except hms_schema.Fault as fault:
            self.log(f"{topic} {event['id']} breaks its contract: {fault}")
            return DROP, False
        try:
            already = self._inbox.handle(key_of(topic, event["source"], event["id"]), lambda work: self._run(topic, event, work))
        except Exception as error:  # whatever fails in a handler is tried again
            self.log(f"{topic} {event['id']} failed: {type(error).__name__}: {error}")
            return RETRY, False
        if already:
            self.log(f"{topic} {event['id']} is handled already")
        return SUCCESS, already

    def rehearse(self, topic, data, event=None, state=None):
        """For tests: what the handler says to this, all of it checked against the contracts. Nothing leaves; state is a dictionary."""
        event = {"specversion": "1.0", "id": "rehearsal", "source": "tests", "type": f"gov.hms.{topic}.v1", "topic": topic, **(event or {}), "data": data}
        _check_envelope(event)
        hms_schema.check(self._contracts[topic], hms_json.parse(hms_json.dump(data)))
        state = {} if state is None else state
        work = Work(_Pretended(state))
        said = self._run(topic, event, work)
        for operation in work.operations():
            request = operation["request"]
            state.pop(request["key"], None)
            if operation["operation"] == "upsert":
                state[request["key"]] = request["value"]
        return [(one["topic"], one["data"]) for one in said]

    def example(self, topic):
        """The first example of the topic's contract, for tests."""
        return self._contracts[topic]["examples"][0]

    def connected(self, connection):
        with self._lock:
            self._connections.add(connection)

    def disconnected(self, connection):
        with self._lock:
            self._connections.discard(connection)

    def _run(self, topic, event, work):
        said = self._handlers[topic](event.get("data"), event, work) or []
        return [self._envelope(to, data, event, number) for number, (to, data) in enumerate(said)]

    def _envelope(self, topic, data, cause, number):
        schema = self._contracts.get(topic)
        if schema is None:
            raise KeyError(f"no contract names the topic {topic}")
        if topic not in self._usable:
            hms_schema.usable(schema)
            self._usable.add(topic)
        text = hms_json.dump(data)
        if len(text) > LARGEST_DATA:
            raise ValueError(f"{topic} has more than {LARGEST_DATA} bytes of data; a large thing belongs in the document service")
        # As it leaves, so that numbers are what they will be.
        hms_schema.check(schema, hms_json.parse(text))
        subject = data.get(schema["x-subject"]) if "x-subject" in schema else None
        now = datetime.datetime.now(datetime.timezone.utc)
        event = {
            "specversion": "1.0",
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.app}/{cause['source']}/{cause['id']}/{topic}/{number}")),
            "source": self.app,
            "type": f"gov.hms.{topic}" + ("" if re.search(r"\.v[1-9][0-9]*\Z", topic) else ".v1"),
            "time": now.isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "topic": topic,
            "pubsubname": PUBSUB,
            "correlationid": cause.get("correlationid") or cause["id"],
            "causationid": cause["id"],
            "sequence": f"{self._next():019d}",
            "data": data,
        }
        if subject is not None:
            event["subject"] = str(subject)
        if _is_attribute(cause.get("traceparent")):
            event["traceparent"] = cause["traceparent"]
        return event

    def _next(self):
        """Larger than any before it, whatever its subject: one number is remembered, and not one for each subject."""
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1000)
            return self._last


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128


class _Pretended:
    """State in a dictionary, for rehearsals."""

    def __init__(self, values):
        self._values = values

    def get(self, key):
        return self._values.get(key), "1" if key in self._values else None


def _check_envelope(event):
    """A ValueError where it is no CloudEvent that the mesh carries."""
    if not isinstance(event, dict) or event.get("specversion") != "1.0":
        raise ValueError("it is no CloudEvent 1.0")
    for name in ("id", "source", "type"):
        if not event.get(name):
            raise ValueError(f"its {name} is missing")
    for name in ("id", "source", "type", "subject", "correlationid"):
        if name in event and not _is_attribute(event[name]):
            raise ValueError(f"its {name} is no text of at most {LONGEST} characters")


def _is_attribute(text):
    return isinstance(text, str) and len(text) <= LONGEST and all(letter >= " " for letter in text)


def _contracts(folder):
    """Each topic's schema: a service's contracts lie beside it, in services/NAME/contracts or agencies/NAME/contracts."""
    found = {}
    root = folder.parent.parent
    for file in sorted([*root.glob("services/*/contracts/*.json"), *root.glob("agencies/*/contracts/*.json")]):
        found[file.stem] = hms_json.parse(file.read_text(encoding="utf-8"))
    return found


if sys.version_info < (3, 9):
    raise SystemExit("Python 3.9 or newer is needed.")
