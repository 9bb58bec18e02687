"""What the helper asks of the sidecar: state, and that an event is published."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request

import hms_json

PUBSUB = "pubsub"
STORE = "statestore"
# Of what the service keeps, in which events may lie.
DEEPEST = 200


class Unavailable(Exception):
    """The sidecar did not do what it was asked; the event comes again."""


class Refused(Unavailable):
    """The sidecar answered, and did not do it."""

    def __init__(self, problem, status):
        super().__init__(problem)
        self.status = status


class Sidecar:
    def __init__(self):
        self._base = os.environ.get("DAPR_HTTP_ENDPOINT") or f"http://127.0.0.1:{os.environ.get('DAPR_HTTP_PORT', '3500')}"
        self._token = os.environ.get("DAPR_API_TOKEN", "")
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def get(self, key):
        """The value and its etag; two times None where there is none."""
        body, headers = self._call("GET", f"/v1.0/state/{STORE}/{_quote(key)}")
        return (hms_json.parse(body, depth=DEEPEST), headers.get("ETag")) if body else (None, None)

    def save(self, key, value, etag, seconds):
        """Writes what nobody else has written meanwhile: without an etag nothing may be there. False where somebody was first."""
        try:
            self._call("POST", f"/v1.0/state/{STORE}", [entry(key, value, etag, first=True, seconds=seconds)])
            return True
        except Refused as refused:
            if refused.status == 409:
                return False
            raise

    def transact(self, operations):
        """All of them or none."""
        self._call("POST", f"/v1.0/state/{STORE}/transaction", {"operations": operations})

    def delete(self, key, etag):
        self._call("DELETE", f"/v1.0/state/{STORE}/{_quote(key)}", headers={"If-Match": etag})

    def publish(self, event):
        self._call("POST", f"/v1.0/publish/{PUBSUB}/{_quote(event['topic'])}", event, {"Content-Type": "application/cloudevents+json"})

    def _call(self, method, path, body=None, headers=None):
        request = urllib.request.Request(self._base + path, data=None if body is None else hms_json.dump(body), method=method)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            request.add_header(name, value)
        if self._token:
            request.add_header("dapr-api-token", self._token)
        try:
            with self._opener.open(request, timeout=20) as answer:
                return answer.read(), answer.headers
        except urllib.error.HTTPError as error:
            raise Refused(f"{method} {path.split('?')[0]}: {error.code} {_problem(error)}", error.code) from error
        except OSError as error:
            raise Unavailable(f"the sidecar at {self._base} does not answer: {error}") from error


def entry(key, value=None, etag=None, first=False, seconds=None):
    """An item as the state API takes it."""
    item = {"key": key}
    if value is not None:
        item["value"] = value
    if etag:
        item["etag"] = etag
    if etag or first:
        item["options"] = {"concurrency": "first-write"}
    if seconds:
        item["metadata"] = {"ttlInSeconds": str(seconds)}
    return item


def _quote(text):
    return urllib.parse.quote(text, safe="")


def _problem(error):
    try:
        return json.loads(error.read(4096)).get("message", "")
    except (ValueError, AttributeError, OSError):
        return ""
