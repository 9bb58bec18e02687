"""JSON Schema draft 7, as far as the mesh's contracts go (docs/contracts.md lists the keywords); a keyword that is not enforced is refused."""

import decimal
import ipaddress
import json
import re

IGNORED = {"$schema", "$id", "$comment", "title", "description", "default", "examples", "definitions", "readOnly", "writeOnly"}


class SchemaError(Exception):
    """A contract uses what is not enforced here."""


class Fault(Exception):
    """A payload breaks its contract: where (a JSON pointer), and how."""

    def __init__(self, pointer, problem):
        super().__init__(f"{pointer or '/'} {problem}")
        self.pointer = pointer
        self.problem = problem


def parse(text):
    """JSON with exact numbers; neither NaN nor a name that is there twice."""

    def refuse(word):
        raise ValueError(f"{word} is no JSON")

    def once(pairs):
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            raise ValueError("a name is there twice")
        return dict(pairs)

    return json.loads(text, parse_float=decimal.Decimal, parse_constant=refuse, object_pairs_hook=once)


def dump(value):
    """The value as JSON; a decimal keeps its digits."""

    def default(other):
        if isinstance(other, decimal.Decimal):
            return float(other)
        raise TypeError(f"{type(other).__name__} is no JSON")

    return json.dumps(value, default=default, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def check(schema, value):
    """Raises a Fault at the first place where the value breaks the schema."""
    _check(schema, schema, value, "")


def _type(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float, decimal.Decimal)):
        return "number"
    return {str: "string", list: "array", dict: "object"}[type(value)]


def _is(kind, value):
    actual = _type(value)
    return actual == kind or (kind == "integer" and actual == "number" and decimal.Decimal(str(value)) % 1 == 0)


def _same(one, other):
    return _type(one) == _type(other) and one == other


def _step(pointer, name):
    return f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"


def _fits(root, schema, value):
    try:
        _check(root, schema, value, "")
        return True
    except Fault:
        return False


def _check(root, schema, value, at):
    if schema is True:
        return
    if schema is False:
        raise Fault(at, "must not be there")
    if "$ref" in schema:
        _check(root, _referenced(root, schema["$ref"]), value, at)
        return
    for keyword, wanted in schema.items():
        if keyword in IGNORED or keyword.startswith("x-"):
            continue
        rule = RULES.get(keyword)
        if rule is None:
            raise SchemaError(f"the keyword {keyword} is not enforced here")
        rule(root, schema, wanted, value, at)


def _referenced(root, reference):
    if reference == "#":
        return root
    if not reference.startswith("#/"):
        raise SchemaError("a reference stays in its file (#/definitions/...)")
    found = root
    for step in reference[2:].split("/"):
        found = found[step.replace("~1", "/").replace("~0", "~")]
    return found


def _when(kind, test, problem):
    def rule(_root, _schema, wanted, value, at):
        if _type(value) == kind and not test(wanted, value):
            raise Fault(at, problem.format(wanted))

    return rule


def _number(value):
    return decimal.Decimal(str(value))


def _types(_root, _schema, wanted, value, at):
    kinds = wanted if isinstance(wanted, list) else [wanted]
    if not any(_is(kind, value) for kind in kinds):
        raise Fault(at, f"must be {' or '.join(kinds)}, and is {_type(value)}")


def _enum(_root, _schema, wanted, value, at):
    if not any(_same(value, one) for one in wanted):
        raise Fault(at, "must be one of " + ", ".join(str(one) for one in wanted))


def _const(root, schema, wanted, value, at):
    _enum(root, schema, [wanted], value, at)


def _required(_root, _schema, wanted, value, at):
    for name in wanted if isinstance(value, dict) else []:
        if name not in value:
            raise Fault(_step(at, name), "is missing")


def _properties(root, _schema, wanted, value, at):
    for name, schema in wanted.items() if isinstance(value, dict) else []:
        if name in value:
            _check(root, schema, value[name], _step(at, name))


def _pattern_properties(root, _schema, wanted, value, at):
    for pattern, schema in wanted.items() if isinstance(value, dict) else []:
        for name in value:
            if re.search(pattern, name):
                _check(root, schema, value[name], _step(at, name))


def _additional(root, schema, wanted, value, at):
    if not isinstance(value, dict):
        return
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name in value:
        if name not in known and not any(re.search(pattern, name) for pattern in patterns):
            _check(root, wanted, value[name], _step(at, name))


def _items(root, _schema, wanted, value, at):
    for index, item in enumerate(value if isinstance(value, list) else []):
        _check(root, wanted, item, _step(at, index))


def _unique(_root, _schema, wanted, value, at):
    if wanted and isinstance(value, list) and any(_same(one, other) for i, one in enumerate(value) for other in value[:i]):
        raise Fault(at, "has an item twice")


def _all(root, _schema, wanted, value, at):
    for schema in wanted:
        _check(root, schema, value, at)


def _any(root, _schema, wanted, value, at):
    if not any(_fits(root, schema, value) for schema in wanted):
        raise Fault(at, "fits none of anyOf")


def _one(root, _schema, wanted, value, at):
    if sum(_fits(root, schema, value) for schema in wanted) != 1:
        raise Fault(at, "fits not exactly one of oneOf")


def _not(root, _schema, wanted, value, at):
    if _fits(root, wanted, value):
        raise Fault(at, "fits what it must not")


FORMATS = {
    "date-time": re.compile(r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$"),
    "date": re.compile(r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"),
    "time": re.compile(r"^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$"),
    "uuid": re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"),
    "email": re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$"),
    "hostname": re.compile(r"^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$"),
    "uri": re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s]*$"),
}


ADDRESSES = {"ipv4": ipaddress.IPv4Address, "ipv6": ipaddress.IPv6Address}


def _format(_root, _schema, wanted, value, at):
    if wanted not in FORMATS and wanted not in ADDRESSES:
        raise SchemaError(f"the format {wanted} is not enforced here")
    if isinstance(value, str) and not _has_form(wanted, value):
        raise Fault(at, f"is no {wanted}")


def _has_form(wanted, value):
    if wanted in FORMATS:
        return FORMATS[wanted].match(value) is not None
    try:
        ADDRESSES[wanted](value)
        return True
    except ValueError:
        return False


RULES = {
    "type": _types,
    "enum": _enum,
    "const": _const,
    "multipleOf": _when("number", lambda wanted, value: _number(value) % _number(wanted) == 0, "must be a multiple of {}"),
    "minimum": _when("number", lambda wanted, value: _number(value) >= _number(wanted), "must be at least {}"),
    "maximum": _when("number", lambda wanted, value: _number(value) <= _number(wanted), "must be at most {}"),
    "exclusiveMinimum": _when("number", lambda wanted, value: _number(value) > _number(wanted), "must be more than {}"),
    "exclusiveMaximum": _when("number", lambda wanted, value: _number(value) < _number(wanted), "must be less than {}"),
    "minLength": _when("string", lambda wanted, value: len(value) >= wanted, "must have at least {} characters"),
    "maxLength": _when("string", lambda wanted, value: len(value) <= wanted, "must have at most {} characters"),
    "pattern": _when("string", lambda wanted, value: re.search(wanted, value) is not None, "must match {}"),
    "format": _format,
    "minItems": _when("array", lambda wanted, value: len(value) >= wanted, "must have at least {} items"),
    "maxItems": _when("array", lambda wanted, value: len(value) <= wanted, "must have at most {} items"),
    "uniqueItems": _unique,
    "minProperties": _when("object", lambda wanted, value: len(value) >= wanted, "must have at least {} properties"),
    "maxProperties": _when("object", lambda wanted, value: len(value) <= wanted, "must have at most {} properties"),
    "required": _required,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional,
    "items": _items,
    "allOf": _all,
    "anyOf": _any,
    "oneOf": _one,
    "not": _not,
}
