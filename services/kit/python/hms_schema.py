"""JSON Schema draft 7, as far as the mesh's contracts go (docs/contracts.md lists the keywords); a keyword that is not enforced is refused."""

import decimal
import fractions

import hms_format
import hms_pattern

IGNORED = {"$schema", "$id", "$comment", "title", "description", "default", "examples", "definitions", "readOnly", "writeOnly"}


class SchemaError(Exception):
    """A contract uses what is not enforced here."""


class Fault(Exception):
    """A payload breaks its contract: where (a JSON pointer), and how."""

    def __init__(self, pointer, problem):
        super().__init__(f"{pointer or '/'} {problem}")
        self.pointer = pointer
        self.problem = problem


def usable(schema):
    """Raises a SchemaError where the schema asks for what is not enforced here."""
    _usable(schema, schema)


def _usable(root, schema):
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        raise SchemaError("a schema is an object, true or false")
    for inner in schema.get("definitions", {}).values():
        _usable(root, inner)
    if "$ref" in schema:
        _referenced(root, schema["$ref"])
        return
    for keyword, wanted in schema.items():
        if keyword in IGNORED or keyword.startswith("x-"):
            continue
        if keyword not in RULES:
            raise SchemaError(f"the keyword {keyword} is not enforced here")
        if keyword == "pattern":
            _matches(wanted, "")
        elif keyword == "format" and wanted not in hms_format.PATTERNS:
            raise SchemaError(f"the format {wanted} is not enforced here")
        elif keyword in ("items", "additionalProperties", "not"):
            _usable(root, wanted)
        elif keyword in ("allOf", "anyOf", "oneOf"):
            for inner in wanted:
                _usable(root, inner)
        elif keyword in ("properties", "patternProperties"):
            for name, inner in wanted.items():
                if keyword == "patternProperties":
                    _matches(name, "")
                _usable(root, inner)


def check(schema, value):
    """Raises a Fault at the first place where the value breaks the schema, which is a usable one."""
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
    return actual == kind or (kind == "integer" and actual == "number" and _number(value).denominator == 1)


def _same(one, other):
    """As JSON, where 1 is 1.0 and no true."""
    if _type(one) != _type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    return one == other


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
        RULES[keyword](root, schema, wanted, value, at)


def _referenced(root, reference):
    if reference == "#":
        return root
    if not reference.startswith("#/"):
        raise SchemaError("a reference stays in its file (#/definitions/...)")
    found = root
    for step in reference[2:].split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, dict) or name not in found:
            raise SchemaError(f"{reference} is not there")
        found = found[name]
    return found


def _when(kind, test, problem):
    def rule(_root, _schema, wanted, value, at):
        if _type(value) == kind and not test(wanted, value):
            raise Fault(at, problem.format(wanted))

    return rule


def _number(value):
    return fractions.Fraction(str(value))


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


def _matches(pattern, text):
    try:
        return hms_pattern.compile(pattern).search(text) is not None
    except hms_pattern.PatternError as error:
        raise SchemaError(f"the pattern {pattern} cannot be used: {error}") from error


def _properties(root, _schema, wanted, value, at):
    for name, schema in wanted.items() if isinstance(value, dict) else []:
        if name in value:
            _check(root, schema, value[name], _step(at, name))


def _pattern_properties(root, _schema, wanted, value, at):
    for pattern, schema in wanted.items() if isinstance(value, dict) else []:
        for name in value:
            if _matches(pattern, name):
                _check(root, schema, value[name], _step(at, name))


def _additional(root, schema, wanted, value, at):
    if not isinstance(value, dict):
        return
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name in value:
        if name not in known and not any(_matches(pattern, name) for pattern in patterns):
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


def _format(_root, _schema, wanted, value, at):
    if isinstance(value, str) and not hms_format.fits(wanted, value):
        raise Fault(at, f"is no {wanted}")


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
    "pattern": _when("string", lambda wanted, value: _matches(wanted, value), "must match {}"),
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
