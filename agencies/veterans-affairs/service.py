"""Reviews a veteran's benefits when an unemployment claim is approved."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "services" / "kit" / "python"))
from hms_mesh import Mesh  # noqa: E402

mesh = Mesh(__file__)


@mesh.hears("claim.approved")
def review(claim, event):
    if not claim.get("veteran"):
        return None
    mesh.log(f"Reviewed the benefits of citizen {claim['citizen']}: event {event['id']}")
    return [("agency.benefit.reviewed", {"claimId": claim["claimId"], "citizen": claim["citizen"], "agency": mesh.app})]


mesh.run()
