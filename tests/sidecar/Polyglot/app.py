"""A Dapr application over plain HTTP: publishes, subscribes, calls another app, keeps state, reads a secret."""
import http.server
import json
import os
import urllib.request

heard = []


def dapr(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(os.environ["DAPR_HTTP_ENDPOINT"] + path, data, {"content-type": "application/json"}, method=method)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        return answer.status, answer.read().decode()


def run(other):
    return {
        "invoke": dapr("GET", f"/v1.0/invoke/{other}/method/hello")[1],
        "save": dapr("POST", "/v1.0/state/store", [{"key": "k", "value": {"n": 1}}])[0],
        "state": dapr("GET", "/v1.0/state/store/k")[1],
        "secret": json.loads(dapr("GET", "/v1.0/secrets/env/POLYGLOT_SECRET")[1])["POLYGLOT_SECRET"],
        "id": json.loads(dapr("GET", "/v1.0/metadata")[1])["id"],
        "publish": dapr("POST", "/v1.0/publish/pubsub/greeting.said", {"from": os.environ["APP_ID"]})[0],
    }


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path, _, other = self.path.partition("?")
        status, value = 200, {}
        if path == "/dapr/subscribe":
            value = [{"pubsubname": "pubsub", "topic": "greeting.said", "route": "/greeting"}]
        elif path == "/greeting":
            heard.append(json.loads(body)["data"]["from"])
        elif path == "/hello":
            value = "hello from python"
        elif path == "/heard":
            value = heard
        elif path == "/run":
            value = run(other)
        else:
            status = 404
        out = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)

    do_GET = do_POST = answer


http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["APP_PORT"])), Handler).serve_forever()
