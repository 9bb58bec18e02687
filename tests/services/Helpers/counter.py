"""A service for the tests: counts what is placed of each order, once each. While there is a gate, it waits in its handler."""

import os
import pathlib
import sys
import time

sys.path.insert(0, os.environ["KIT"])
from hms_mesh import Mesh  # noqa: E402

mesh = Mesh(__file__)
gate = pathlib.Path(os.environ["GATE"])
failed = set()


@mesh.hears("order.placed")
def place(order, event, work):
    count = (work.read(order["orderId"]) or 0) + 1
    mesh.log(f"begins {event['id']}")
    while gate.exists():
        time.sleep(0.01)
    if order.get("fails") and event["id"] not in failed:
        failed.add(event["id"])
        raise RuntimeError("the first time")
    work.save(order["orderId"], count)
    return [("order.counted", {"orderId": order["orderId"], "count": count})]


mesh.run()
