"""Python values as TypeScript source."""

import math
import re
from collections.abc import Mapping
from numbers import Integral, Real

# Beyond this a number of JavaScript is rounded.
LARGEST_SAFE = 2**53 - 1

# Words that cannot name a variable in a module, and the names TypeScript refuses to declare.
RESERVED = frozenset(
    """
    arguments await break case catch class const continue debugger default delete do else enum eval export extends false
    finally for function if implements import in instanceof interface let new null package private protected public return
    static super switch this throw true try typeof undefined var void while with yield
    """.split()
)


def is_name(text: str) -> bool:
    """Whether a variable can have this name."""
    # Python's identifiers are those of Unicode, like JavaScript's, which adds the dollar sign.
    return text.replace("$", "_").isidentifier() and text not in RESERVED


def literal(value) -> str:
    """The source of an expression with this value."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return string(value)
    # A bool of Python is an int too.
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Integral):
        return integer(int(value))
    if isinstance(value, Real):
        return number(float(value))
    if isinstance(value, Mapping):
        return record(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(literal, value))}]"
    # Dates, paths and the like, as papermill treats them in other languages.
    return string(str(value))


def integer(value: int) -> str:
    return str(value) if abs(value) <= LARGEST_SAFE else f"{value}n"


def number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(value)


def string(value: str) -> str:
    return f'"{"".join(map(character, value))}"'


def character(one: str) -> str:
    if one in ESCAPES:
        return ESCAPES[one]
    # The unprintable ones hold everything that could end the line, and halves of surrogate pairs, which no file can hold.
    return one if one.isprintable() else f"\\u{{{ord(one):x}}}"


ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def record(value: Mapping) -> str:
    if not value:
        return "{}"
    return f"{{ {', '.join(f'{key(name)}: {literal(item)}' for name, item in value.items())} }}"


def key(name) -> str:
    """The key of a property. YAML has keys that are no strings; JavaScript makes strings of them."""
    text = name if isinstance(name, str) else literal(name).strip('"')
    # Written plainly, this one would set the prototype.
    if text == "__proto__":
        return '["__proto__"]'
    return text if re.fullmatch(r"[A-Za-z_$][\w$]*", text, re.ASCII) else string(text)
