"""Each event once in effect. An event's row in the state store is first a claim, which one delivery alone can write and which passes
by itself; then, in one transaction with all that the handler saved, the note that it was handled, with the events that are to be said."""

import concurrent.futures
import hashlib
import threading
import time
import uuid

from hms_sidecar import Refused, Unavailable, entry

# Longer than the broker keeps what it may send again.
REMEMBERED = 8 * 24 * 3600
# A claim of an instance that died; who lives renews it.
LEASE = 15
RENEWED = 5
# A handler that takes longer loses its claim: the event comes again, and what it saves then counts for nothing.
LIMIT = 60
# As long as a delivery waits for another one of the same event; and for another instance to say what it has saved.
PATIENCE = 20
SAYING = 5
TRIES = 5


class Work:
    """What a handler reads and saves; saved when the handler is done, with the note that it is, or not at all."""

    def __init__(self, sidecar):
        self._sidecar = sidecar
        self._found = {}
        self._changes = {}

    def read(self, key):
        """The value, or None. Where another one changes it before this is saved, the handler runs again."""
        key = _own(key)
        if key in self._changes:
            return self._changes[key][0]
        if key not in self._found:
            self._found[key] = self._sidecar.get(key)
        return self._found[key][0]

    def save(self, key, value, seconds=None):
        if value is None:
            raise ValueError("None cannot be saved; delete takes a value away")
        self._changes[_own(key)] = (value, seconds)

    def delete(self, key):
        self._changes[_own(key)] = (None, None)

    def operations(self):
        for key, (value, seconds) in self._changes.items():
            etag = self._found.get(key, (None, None))[1]
            if value is None:
                yield {"operation": "delete", "request": entry(key, etag=etag)}
            else:
                yield {"operation": "upsert", "request": entry(key, value, etag, key in self._found, seconds)}


class _Claim:
    def __init__(self, key, value, etag):
        self.key, self.value, self.etag = key, value, etag
        self.ends = time.monotonic() + LIMIT
        self.lock = threading.Lock()


class Inbox:
    def __init__(self, sidecar, log):
        self._sidecar = sidecar
        self._log = log
        self._place = None
        self._running = {}
        self._claims = set()
        self._lock = threading.Lock()

    def start(self, place):
        """Which instance this is. What an earlier one at its place had claimed is free: that process is dead."""
        self._place = place
        threading.Thread(target=self._renew_for_ever, name="claims", daemon=True).start()

    def handle(self, key, run):
        """Runs it, unless that was done; true where it was. What comes while it runs waits for the same outcome."""
        with self._lock:
            first = key not in self._running
            outcome = self._running.setdefault(key, concurrent.futures.Future())
        if not first:
            try:
                return outcome.result(PATIENCE)
            except concurrent.futures.TimeoutError:
                raise Unavailable("an earlier delivery is still at it") from None
        try:
            outcome.set_result(self._take(key, run))
        except BaseException as error:
            outcome.set_exception(error)
        finally:
            with self._lock:
                del self._running[key]
        return outcome.result()

    def _take(self, key, run):
        claim, row = self._claim(key)
        if claim:
            with self._lock:
                self._claims.add(claim)
            try:
                row = self._run(claim, run)
            finally:
                with self._lock:
                    self._claims.discard(claim)
        events = [] if row is True else row["say"]
        for event in events:
            self._sidecar.publish(event)
        if events:
            self._said(key)
        return not claim and not events

    def _claim(self, key):
        """A claim of one's own; or, where the event was handled, its row."""
        mine = {"claimed": uuid.uuid4().hex, "place": self._place}
        began = time.monotonic()
        row, etag = None, None
        while time.monotonic() < began + PATIENCE:
            if row is None or row["place"] == self._place:
                self._sidecar.save(key, mine, etag, LEASE)
            else:
                time.sleep(0.2)
            row, etag = self._sidecar.get(key)
            if row is True:
                return None, row
            if row and "say" in row and (row["place"] == self._place or time.monotonic() > began + SAYING):
                return None, row
            if row and row.get("claimed") == mine["claimed"]:
                return _Claim(key, mine, etag), None
        raise Unavailable("another instance is still at it")

    def _run(self, claim, run):
        """The row as it was saved."""
        for _ in range(TRIES):
            work = Work(self._sidecar)
            try:
                events = run(work)
            except BaseException:
                self._release(claim)
                raise
            row = {"say": events, "place": self._place} if events else True
            with claim.lock:
                try:
                    note = {"operation": "upsert", "request": entry(claim.key, row, claim.etag, seconds=REMEMBERED)}
                    self._sidecar.transact([note, *work.operations()])
                    return row
                except Refused as refused:
                    problem = refused
            # Somebody else changed what the handler had read; or its own claim has passed, and others may be at it or done.
            if not self._renew(claim):
                row, _ = self._sidecar.get(claim.key)
                if row is True or (row and "say" in row):
                    return row
                raise Unavailable("it took too long, and another delivery took its place")
        self._release(claim)
        raise problem

    def _renew(self, claim):
        """Writes it anew, so that no transaction with its old etag can follow; false where it is lost."""
        with claim.lock:
            if time.monotonic() > claim.ends or not self._sidecar.save(claim.key, claim.value, claim.etag, LEASE):
                return False
            row, claim.etag = self._sidecar.get(claim.key)
            return row == claim.value

    def _renew_for_ever(self):
        while True:
            time.sleep(RENEWED)
            with self._lock:
                claims = list(self._claims)
            for claim in claims:
                try:
                    self._renew(claim)
                except Unavailable:
                    pass  # the next time, or it passes

    def _release(self, claim):
        with claim.lock:
            try:
                self._sidecar.delete(claim.key, claim.etag)
            except Unavailable:
                pass  # it passes by itself

    def _said(self, key):
        try:
            row, etag = self._sidecar.get(key)
            if row is not True:
                self._sidecar.save(key, True, etag, REMEMBERED)
        except Unavailable as error:
            self._log(f"what was said could not be noted, and may be said once more: {error}")


def key_of(topic, source, id):
    key = f"inbox/{topic}/{source}/{id}"
    # A key may hold no ||, and stores have limits.
    return key if len(key) <= 250 and "||" not in key else f"inbox/{topic}/{hashlib.sha256(key.encode()).hexdigest()}"


def _own(key):
    if not isinstance(key, str) or not key or key.startswith("inbox/"):
        raise ValueError("a key is a text that does not begin with inbox/")
    return key
