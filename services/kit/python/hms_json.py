"""JSON as the mesh takes it, with exact numbers."""

import decimal
import json
import math
import re

DEPTH = 32
HALF = re.compile("[\ud800-\udfff]")


def parse(text, depth=DEPTH):
    """JSON as RFC 8259 has it, with exact numbers; no name that is there twice, no half character, no number that no reader takes."""

    def refuse(word):
        raise ValueError(f"{word} is no JSON")

    def once(pairs):
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            raise ValueError("a name is there twice")
        return dict(pairs)

    text = text if isinstance(text, str) else text.decode("utf-8")
    try:
        value = json.loads(text, parse_int=_whole, parse_float=_exact, parse_constant=refuse, object_pairs_hook=once)
        _check_text(value, depth)
    except RecursionError:
        raise ValueError(f"it is nested deeper than {depth} levels") from None
    return value


def _exact(digits):
    if not math.isfinite(float(digits)):
        raise ValueError("a number is larger than 1.8e308")
    # Whatever is smaller than any double is nothing; 1e-999999999 exact would fill the memory.
    return decimal.Decimal(digits) if float(digits) else decimal.Decimal(0)


def _whole(digits):
    return int(_exact(digits))


def _check_text(value, depth):
    if isinstance(value, (dict, list)):
        if depth == 0:
            raise ValueError("it is nested too deeply")
        for item in [*value.keys(), *value.values()] if isinstance(value, dict) else value:
            _check_text(item, depth - 1)
    elif isinstance(value, str) and HALF.search(value):
        raise ValueError("it holds half of a surrogate pair, which is no character")


def dump(value):
    """The value as JSON; a decimal as the double that is next to it."""

    def default(other):
        if isinstance(other, decimal.Decimal):
            return float(other)
        raise TypeError(f"{type(other).__name__} is no JSON")

    return json.dumps(value, default=default, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
