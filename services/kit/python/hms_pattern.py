"""Regular expressions of contracts, as ECMA-262 reads them with its flag u: $ is the very end, \\d the ten digits. What another language's
engine cannot do the same is refused."""

import functools
import re

LAST = 0x10FFFF
LONGEST = 4000
MOST = 10_000
SYNTAX = "^$\\.*+?()[]{}|/"
DIGITS = [(48, 57)]
WORDS = [(48, 57), (65, 90), (95, 95), (97, 122)]
SPACES = [(9, 13), (32, 32), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)]
ENDS = [(10, 10), (13, 13), (0x2028, 0x2029)]
CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}


class PatternError(ValueError):
    """It is no pattern that all languages of the mesh read the same."""


@functools.lru_cache(maxsize=256)
def compile(pattern):  # noqa: A001 - as re has it
    if len(pattern) > LONGEST:
        raise PatternError(f"it has more than {LONGEST} characters")
    reader = _Reader(pattern)
    result = reader.alternatives()
    if reader.at < len(pattern):
        raise PatternError("a ) closes nothing")
    return re.compile(result)


def _others(ranges):
    others, following = [], 0
    for start, end in sorted(ranges):
        if start > following:
            others.append((following, start - 1))
        following = max(following, end + 1)
    return others + ([(following, LAST)] if following <= LAST else [])


def _set(ranges):
    return "[" + "".join(f"\\U{start:08X}-\\U{end:08X}" for start, end in ranges) + "]" if ranges else "(?!)"


CLASSES = {"d": DIGITS, "w": WORDS, "s": SPACES, "D": _others(DIGITS), "W": _others(WORDS), "S": _others(SPACES)}
WORD = _set(WORDS)
BORDERS = {
    "\\b": f"(?:(?<={WORD})(?!{WORD})|(?<!{WORD})(?={WORD}))",
    "\\B": f"(?:(?<={WORD})(?={WORD})|(?<!{WORD})(?!{WORD}))",
}


class _Reader:
    def __init__(self, source):
        self.source, self.at = source, 0

    def alternatives(self):
        result = []
        while self.at < len(self.source) and self.source[self.at] != ")":
            result.append("|" if self.take("|") else self.term())
        return "".join(result)

    def term(self):
        for assertion, meaning in {"^": "^", "$": "\\Z", **BORDERS}.items():
            if self.take(assertion):
                return meaning
        for opening in ("(?=", "(?!"):
            if self.take(opening):
                return self.group(opening)
        if self.take("(?:"):
            return self.group("(?:") + self.quantifier()
        if self.take("("):
            # Nothing refers to a group, so that none needs a number.
            if self.source[self.at : self.at + 1] == "?":
                raise PatternError("names, look-behind and flags of groups are not known here")
            return self.group("(?:") + self.quantifier()
        return _set(self.characters()) + self.quantifier()

    def group(self, opening):
        inner = self.alternatives()
        if not self.take(")"):
            raise PatternError("a ( is not closed")
        return f"{opening}{inner})"

    def characters(self):
        if self.take("."):
            return _others(ENDS)
        if self.take("["):
            return self.character_class()
        if self.take("\\"):
            return self.escape(False)
        literal = self.source[self.at]
        if literal in "*+?{}]":
            raise PatternError(f"{literal} stands where nothing can be repeated or closed; write \\{literal}")
        self.at += 1
        return [(ord(literal), ord(literal))]

    def quantifier(self):
        result = ""
        if self.source[self.at : self.at + 1] in ("*", "+", "?"):
            result = self.source[self.at]
            self.at += 1
        elif self.take("{"):
            least, most = self.number(), None
            is_open = self.take(",")
            if is_open and self.source[self.at : self.at + 1] != "}":
                most = self.number()
            if not self.take("}") or (most is not None and most < least):
                raise PatternError("a { is no count such as {2}, {2,} or {2,5}")
            result = f"{{{least}{',' if is_open else ''}{'' if most is None else most}}}"
        return result + ("?" if result and self.take("?") else "")

    def number(self):
        start = self.at
        while self.source[self.at : self.at + 1] in tuple("0123456789"):
            self.at += 1
        digits = self.source[start : self.at]
        if not digits or len(digits) > 9 or int(digits) > MOST:
            raise PatternError(f"a {{ is no count of at most {MOST}")
        return int(digits)

    def character_class(self):
        negated = self.take("^")
        ranges = []
        while not self.take("]"):
            first, single = self.class_atom()
            if self.source[self.at : self.at + 1] == "-" and self.source[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                second, also_single = self.class_atom()
                if not single or not also_single or first[0][0] > second[0][0]:
                    raise PatternError("a range in [] does not go from one character to a later one")
                ranges.append((first[0][0], second[0][0]))
            else:
                ranges.extend(first)
        return _others(ranges) if negated else ranges

    def class_atom(self):
        if self.at >= len(self.source):
            raise PatternError("a [ is not closed")
        if self.take("\\"):
            single = self.source[self.at : self.at + 1] not in tuple("dDwWsS")
            return self.escape(True), single
        literal = ord(self.source[self.at])
        self.at += 1
        return [(literal, literal)], True

    def escape(self, in_class):
        escaped = self.source[self.at : self.at + 1]
        self.at += 1
        after = self.source[self.at : self.at + 1]
        if escaped in CLASSES:
            return CLASSES[escaped]
        if escaped in CONTROLS:
            return _one(CONTROLS[escaped])
        if in_class and escaped in ("b", "-"):
            return _one(8 if escaped == "b" else 45)
        if escaped == "0" and after not in tuple("0123456789"):
            return _one(0)
        if escaped == "c" and after.isascii() and after.isalpha():
            self.at += 1
            return _one(ord(after) % 32)
        if escaped == "x":
            return _one(self.hexadecimal(2))
        if escaped == "u":
            return _one(self.unicode())
        if escaped and escaped in SYNTAX:
            return _one(ord(escaped))
        raise PatternError(f"\\{escaped} is not known here" if escaped else "it ends with \\")

    def unicode(self):
        if self.take("{"):
            digits = self.source.find("}", self.at) - self.at
            if not 0 < digits <= 6:
                raise PatternError("\\u{ is not closed")
            value = self.hexadecimal(digits)
            self.at += 1
            if value > LAST or 0xD800 <= value <= 0xDFFF:
                raise PatternError("\\u{} names no character")
            return value
        unit = self.hexadecimal(4)
        if 0xD800 <= unit <= 0xDBFF and self.take("\\u"):
            low = self.hexadecimal(4)
            if 0xDC00 <= low <= 0xDFFF:
                return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
        if 0xD800 <= unit <= 0xDFFF:
            raise PatternError("\\u names half of a character")
        return unit

    def hexadecimal(self, digits):
        text = self.source[self.at : self.at + digits]
        if len(text) < digits or any(letter not in "0123456789abcdefABCDEF" for letter in text):
            raise PatternError("an escape lacks its hexadecimal digits")
        self.at += digits
        return int(text, 16)

    def take(self, wanted):
        found = self.source.startswith(wanted, self.at)
        self.at += len(wanted) if found else 0
        return found


def _one(code):
    return [(code, code)]
