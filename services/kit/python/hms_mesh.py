"""A service of the mesh in Python, with the standard library alone: hears events, each once in effect, and says its own.

    from hms_mesh import Mesh

    mesh = Mesh(__file__)

    @mesh.hears("claim.approved")
    def review(claim, event):
        return [("agency.benefit.reviewed", {"claimId": claim["claimId"]})]

    mesh.run()

What a handler returns is said after it, with ids made from the event's own: a handler that runs again says the same events, and the
broker and whoever hears them know that they do. Payloads are checked against the contracts before they leave and when they arrive.
"""

import datetime
import hmac
import json
import os
import pathlib
import re
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import hms_schema

PUBSUB = "pubsub"
STORE = "statestore"
LARGEST = 1 << 20
LARGEST_DATA = 64 << 10
# Longer than the broker keeps what it may send again.
REMEMBERED = 8 * 24 * 3600
SUCCESS, RETRY, DROP = "SUCCESS", "RETRY", "DROP"


class Unavailable(Exception):
    """The sidecar did not do what it was asked; the event comes again."""


class Mesh:
    def __init__(self, program):
        folder = pathlib.Path(program).resolve().parent
        self.app = os.environ.get("APP_ID") or folder.name
        self._port = int(os.environ.get("APP_PORT") or 0)
        self._sidecar = os.environ.get("DAPR_HTTP_ENDPOINT") or f"http://127.0.0.1:{os.environ.get('DAPR_HTTP_PORT', '3500')}"
        self._api_token = os.environ.get("DAPR_API_TOKEN", "")
        self._app_token = os.environ.get("APP_API_TOKEN", "")
        self._contracts = _contracts(folder)
        self._handlers = {}
        self._last = {}
        self._connections = set()
        self._lock = threading.Lock()

    def hears(self, topic):
        """The function that handles a topic's events: it gets the data and the envelope, and returns what is to be said (or None)."""
        if topic not in self._contracts:
            raise SystemExit(f"no contract names the topic {topic}: the service that says it has contracts/{topic}.json")

        def keep(handler):
            self._handlers[topic] = handler
            return handler

        return keep

    def log(self, text):
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%H:%M:%S.%f")[:-3]
        print(f"{now} {text}", flush=True)

    def run(self):
        server = ThreadingHTTPServer(("127.0.0.1", self._port), _routes(self))
        server.daemon_threads = False
        threading.Thread(target=server.serve_forever, name="http").start()
        self.log(f"{self.app} listens on port {server.server_address[1]}")
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

    def handle(self, topic, event):
        """One delivery; returns what the sidecar is told."""
        data = event.get("data")
        try:
            hms_schema.check(self._contracts[topic], data)
        except hms_schema.Fault as fault:
            # Tried again it would be the same; the dead letter topic keeps it.
            self.log(f"{topic} {event.get('id')} breaks its contract: {fault}")
            return DROP
        key = f"inbox/{topic}/{event.get('source')}/{event.get('id')}"
        if self._read(key) is not None:
            self.log(f"{topic} {event.get('id')} is handled already")
            return SUCCESS
        for number, (said, payload) in enumerate(self._handlers[topic](data, event) or []):
            self._publish(said, payload, event, number)
        self._remember(key)
        return SUCCESS

    def _publish(self, topic, data, cause, number):
        schema = self._contracts.get(topic)
        if schema is None:
            raise KeyError(f"no contract names the topic {topic}")
        if len(hms_schema.dump(data)) > LARGEST_DATA:
            raise ValueError(f"{topic} has more than {LARGEST_DATA} bytes of data; a large thing belongs in the document service")
        # As it leaves, so that numbers are what they will be.
        hms_schema.check(schema, hms_schema.parse(hms_schema.dump(data)))
        subject = data.get(schema["x-subject"]) if "x-subject" in schema else None
        now = datetime.datetime.now(datetime.timezone.utc)
        event = {
            "specversion": "1.0",
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.app}/{cause.get('source')}/{cause.get('id')}/{topic}/{number}")),
            "source": self.app,
            "type": f"gov.hms.{topic}" + ("" if re.search(r"\.v[1-9][0-9]*\Z", topic) else ".v1"),
            "time": now.isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "topic": topic,
            "pubsubname": PUBSUB,
            "correlationid": cause.get("correlationid") or cause.get("id"),
            "causationid": cause.get("id"),
            "sequence": f"{self._next(subject):019d}",
            "data": data,
        }
        if subject is not None:
            event["subject"] = str(subject)
        if cause.get("traceparent"):
            event["traceparent"] = cause["traceparent"]
        self._call("POST", f"/v1.0/publish/{PUBSUB}/{urllib.parse.quote(topic)}", hms_schema.dump(event), "application/cloudevents+json")

    def _next(self, subject):
        with self._lock:
            self._last[subject] = max(self._last.get(subject, 0) + 1, time.time_ns() // 1000)
            return self._last[subject]

    def _read(self, key):
        return self._call("GET", f"/v1.0/state/{STORE}/{urllib.parse.quote(key, safe='')}") or None

    def _remember(self, key):
        entry = {
            "key": key,
            "value": True,
            "options": {"concurrency": "first-write"},
            "metadata": {"ttlInSeconds": str(REMEMBERED)},
        }
        self._call("POST", f"/v1.0/state/{STORE}", json.dumps([entry]).encode(), "application/json")

    def _call(self, method, path, body=None, kind=None):
        request = urllib.request.Request(self._sidecar + path, data=body, method=method)
        if kind:
            request.add_header("Content-Type", kind)
        if self._api_token:
            request.add_header("dapr-api-token", self._api_token)
        try:
            with _NO_PROXY.open(request, timeout=20) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            raise Unavailable(f"{method} {path.split('?')[0]}: {error.code} {_problem(error)}") from error
        except OSError as error:
            raise Unavailable(f"the sidecar at {self._sidecar} does not answer: {error}") from error


_NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _problem(error):
    try:
        return json.loads(error.read(4096)).get("message", "")
    except (ValueError, AttributeError, OSError):
        return ""


def _contracts(folder):
    """Each topic's schema: a service's contracts lie beside it, in services/NAME/contracts or agencies/NAME/contracts."""
    found = {}
    root = folder.parent.parent
    for file in sorted([*root.glob("services/*/contracts/*.json"), *root.glob("agencies/*/contracts/*.json")]):
        found[file.stem] = hms_schema.parse(file.read_text(encoding="utf-8"))
    return found


def _routes(mesh):
    class Routes(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "hms"
        sys_version = ""
        timeout = 60

        def log_message(self, format, *args):  # noqa: A002 - its name in the standard library
            pass

        def setup(self):
            super().setup()
            with mesh._lock:
                mesh._connections.add(self.connection)

        def finish(self):
            with mesh._lock:
                mesh._connections.discard(self.connection)
            super().finish()

        def do_GET(self):
            if self.path == "/healthz":
                self._answer(200, b"ready", "text/plain")
            else:
                self._answer(404, b"", "text/plain")

        def do_POST(self):
            topic = urllib.parse.unquote(self.path.removeprefix("/events/"))
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > LARGEST:
                self.close_connection = True
                self._answer(411 if not length.isdecimal() else 413, b"", "text/plain")
                return
            body = self.rfile.read(int(length))
            if len(body) < int(length):  # whoever sent it has gone, or this ends: it comes again
                self.close_connection = True
                return
            if mesh._app_token and not hmac.compare_digest(self.headers.get("dapr-api-token", "").encode(), mesh._app_token.encode()):
                self._answer(401, b"", "text/plain")
            elif not self.path.startswith("/events/") or topic not in mesh._handlers:
                self._answer(404, b"", "text/plain")
            else:
                self._answer(200, json.dumps({"status": self._deliver(topic, body)}).encode(), "application/json")

        def _deliver(self, topic, body):
            try:
                event = hms_schema.parse(body)
            except ValueError as error:
                mesh.log(f"{topic} came as no JSON: {error}")
                return DROP
            if not isinstance(event, dict):
                mesh.log(f"{topic} came as no event")
                return DROP
            try:
                return mesh.handle(topic, event)
            except Exception as error:  # whatever fails in a handler is tried again
                mesh.log(f"{topic} {event.get('id')} failed: {type(error).__name__}: {error}")
                return RETRY

        def _answer(self, status, body, kind):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Routes


if sys.version_info < (3, 9):
    raise SystemExit("Python 3.9 or newer is needed.")
