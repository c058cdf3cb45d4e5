"""Reads the variables that a cell declares at its top level: names, types, defaults, comments."""

import re
from typing import NamedTuple

OPENING, CLOSING = "([{", ")]}"

# What ends where it begins, so that no bracket, comma or comment sign is looked for inside: strings, templates, comments.
WHOLE = re.compile(
    r"""
    (?P<comment> //[^\n]* | /\*.*?\*/ )
    | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | `(?:\\.|[^`\\])*`
    | (?P<arrow> => ) | [=!<>]==? | [\w$]+ | \s+ | .
    """,
    re.VERBOSE | re.DOTALL,
)
KEYWORD = re.compile(r"(?:export\s+)?(?:const|let|var)\s+")
NUMBER = re.compile(r"[-+]?(?:0[xob][\da-f_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[-+]?\d+)?|Infinity|NaN)", re.IGNORECASE)


class Declaration(NamedTuple):
    """In the order of papermill's Parameter."""

    name: str
    inferred_type_name: str
    default: str
    help: str


def declarations(source: str) -> list[Declaration]:
    """The declared variables that have a value, in the order of the cell."""
    found = []
    for statement, comment in statements(source):
        keyword = KEYWORD.match(statement)
        if not keyword:
            continue
        for part in split(statement[keyword.end() :], ","):
            head, *value = split(part, "=")
            name, *annotation = split(head, ":")
            if re.fullmatch(r"[\w$]+", name.strip()) and value:
                default = "=".join(value).strip()
                written = ":".join(annotation).strip()
                found.append(Declaration(name.strip(), written or type_of(default), default, comment))
    return found


def statements(source: str):
    """Each statement with its comment: behind it on its last line, or else on the lines right above it."""
    above, text, depth, own_line = "", "", 0, True
    pieces = [(match[0], match["comment"]) for match in WHOLE.finditer(source)]
    for index, (piece, is_comment) in enumerate(pieces):
        if is_comment:
            if own_line and not text.strip():
                above = f"{above} {words(piece)}".strip()
            continue
        depth += (piece in OPENING) - (piece in CLOSING)
        ends = piece == ";" or ("\n" in piece and not continues(text, pieces[index + 1 :]))
        if depth > 0 or not ends:
            text += piece
            continue
        if text.strip():
            yield text.strip(), behind(pieces[index if "\n" in piece else index + 1 :], pieces[:index]) or above
            above, own_line = "", "\n" in piece
        elif piece.count("\n") > 1:
            # An empty line: the comment before it is about something else.
            above = ""
        own_line = own_line or "\n" in piece
        text = ""
    if text.strip():
        yield text.strip(), behind([], pieces) or above


def continues(text: str, following) -> bool:
    """Whether a statement goes on behind the end of the line: it stops at a sign that wants more, or one stands next."""
    after = next((piece for piece, is_comment in following if piece.strip() and not is_comment), "")
    return text.rstrip().endswith((",", "=", ":", "+", "|", "&", "?")) or after in (".", "|", "&", "+", "?", ":", "=", ",")


def behind(following, before) -> str:
    """The comment at the end of a statement's last line."""
    # Without a semicolon the comment came before the end of the line that ended the statement.
    for piece, is_comment in reversed(before):
        if is_comment:
            return words(piece)
        if piece.strip():
            break
    for piece, is_comment in following:
        if is_comment:
            return words(piece)
        if "\n" in piece or piece.strip():
            break
    return ""


def words(comment: str) -> str:
    """A comment's text without its signs."""
    inner = comment[2:-2] if comment.startswith("/*") else comment[2:]
    return " ".join(line.strip().lstrip("*").strip() for line in inner.splitlines()).strip()


def split(text: str, separator: str) -> list[str]:
    """The parts of a text between separators that stand in no bracket, string or comment."""
    parts, depth = [""], 0
    for match in WHOLE.finditer(text):
        piece = match[0]
        depth += (piece in OPENING or piece == "<") - (piece in CLOSING or piece == ">")
        if piece == separator and depth == 0:
            parts.append("")
        elif not match["comment"]:
            parts[-1] += piece
    return parts


def type_of(default: str) -> str:
    """The type that a default speaks of by itself; “None” is papermill's word for one that is not known."""
    if default in ("true", "false"):
        return "boolean"
    if default == "null":
        return "null"
    if default[0] in "\"'`":
        return "string"
    return "number" if NUMBER.fullmatch(default) else "None"
