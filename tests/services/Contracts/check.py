"""Reads lines {"schema": ..., "text": ...} and says for each whether the text is data that keeps to the schema."""

import sys

sys.path.insert(0, sys.argv[1])
import hms_json  # noqa: E402
import hms_schema  # noqa: E402

for line in sys.stdin:
    case = hms_json.parse(line)
    try:
        hms_schema.usable(case["schema"])
        hms_schema.check(case["schema"], hms_json.parse(case["text"]))
        print("good", flush=True)
    except hms_schema.SchemaError as error:
        print(f"refused {error}", flush=True)
    except hms_schema.Fault as fault:
        print(f"bad {fault.pointer}", flush=True)
    except ValueError:
        print("bad", flush=True)
