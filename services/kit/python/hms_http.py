"""How the sidecar reaches the service: its health, and POST /events/TOPIC."""

import hmac
import json
import urllib.parse
from http.server import BaseHTTPRequestHandler

# A payload of 64 KB whose bytes are all escaped by six, and its envelope.
LARGEST = (6 * 64 + 16) << 10


def routes(mesh):
    class Routes(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "hms"
        sys_version = ""
        timeout = 60

        def log_message(self, format, *args):  # noqa: A002 - its name in the standard library
            pass

        def setup(self):
            super().setup()
            mesh.connected(self.connection)

        def finish(self):
            mesh.disconnected(self.connection)
            super().finish()

        def do_GET(self):
            if self.path == "/healthz":
                self._answer(200, b"ready", "text/plain")
            else:
                self._answer(404, b"", "text/plain")

        def do_POST(self):
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > LARGEST:
                self.close_connection = True
                self._answer(411 if not length.isdecimal() else 413, b"", "text/plain")
                return
            body = self.rfile.read(int(length))
            if len(body) < int(length):  # whoever sent it has gone, or this ends: it comes again
                self.close_connection = True
                return
            topic = urllib.parse.unquote(self.path.removeprefix("/events/"))
            if mesh.app_token and not hmac.compare_digest(self.headers.get("dapr-api-token", "").encode(), mesh.app_token.encode()):
                self._answer(401, b"", "text/plain")
            elif not self.path.startswith("/events/") or not mesh.hears_it(topic):
                self._answer(404, b"", "text/plain")
            else:
                status, already = mesh.deliver(topic, body)
                # A sidecar of ours tells it to the operator who sent the event again.
                headers = {"mesh-handled": "already"} if already else {}
                self._answer(200, json.dumps({"status": status}).encode(), "application/json", headers)

        def _answer(self, status, body, kind, headers=None):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    return Routes
