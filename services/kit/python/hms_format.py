"""The formats that contracts may name; the kits for C# and Node hold the same patterns."""

import datetime

import hms_pattern

DATE = "(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
# Without leap seconds, which hardly any reader takes.
TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
V4 = BYTE + r"(\." + BYTE + "){3}"
H = "[0-9A-Fa-f]{1,4}"
L = f"({H}:{H}|{V4})"
V6 = (
    f"(({H}:){{6}}{L}|::({H}:){{5}}{L}|({H})?::({H}:){{4}}{L}|(({H}:)?{H})?::({H}:){{3}}{L}|(({H}:){{0,2}}{H})?::({H}:){{2}}{L}"
    f"|(({H}:){{0,3}}{H})?::{H}:{L}|(({H}:){{0,4}}{H})?::{L}|(({H}:){{0,5}}{H})?::{H}|(({H}:){{0,6}}{H})?::)"
)

PATTERNS = {
    "date-time": DATE + "[Tt]" + TIME,
    "date": DATE,
    "time": TIME,
    "email": "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@" + LABEL + r"(\." + LABEL + ")*",
    "hostname": "(?=.{1,253}$)" + LABEL + r"(\." + LABEL + ")*",
    "ipv4": V4,
    "ipv6": V6,
    "uri": r"[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+",
    "uuid": "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
}


def fits(name, text):
    if not hms_pattern.compile(f"^{PATTERNS[name]}$").search(text):
        return False
    try:
        if name in ("date", "date-time"):
            datetime.date.fromisoformat(text[:10])
        return True
    except ValueError:
        return False
