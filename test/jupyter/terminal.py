"""Types into a program in a terminal: the steps come as JSON, what the terminal showed after each goes out as JSON.

python terminal.py '[["", "In [1]: "], ["1 + 1\\r", "Out[1]: 2"], …]' program argument…
Each step is what to type (a text, or "interrupt" as {"signal": "interrupt"}) and the text that has to come; null waits for the end.
What follows these two is not for us.
"""

import json
import os
import re
import sys
import time

import pexpect

LIMIT = 300

# Colours, movements of the cursor, titles of the window: everything that is no text.
CONTROLS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>()][0B]?|\r")


def main():
    steps, command, arguments = json.loads(sys.argv[1]), sys.argv[2], sys.argv[3:]
    # Without answers to its questions for the cursor's position, prompt_toolkit would print a warning.
    environment = {**os.environ, "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"}
    program = pexpect.spawn(command, arguments, env=environment, encoding="utf-8", dimensions=(40, 120))
    shown = [perform(program, typed, awaited) for typed, awaited, *_ in steps]
    program.wait()  # it has let go of the terminal, which it does before it ends; close() would kill it
    program.close()
    json.dump({"shown": shown, "status": program.exitstatus}, sys.stdout)


def perform(program, typed, awaited):
    """Types, and gives what the terminal shows up to when it rests with the awaited text there."""
    if isinstance(typed, str):
        program.send(typed)
    else:
        program.sendintr()
    raw, deadline = "", time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        try:
            raw += program.read_nonblocking(100_000, timeout=0.25)
        except pexpect.TIMEOUT:
            text = CONTROLS.sub("", raw)
            if awaited is not None and awaited in text:
                return text
        except pexpect.EOF:
            text = CONTROLS.sub("", raw)
            if awaited is None or awaited in text:
                return text
            sys.exit(f"the program ended while {awaited!r} was awaited; it showed:\n{text}")
    sys.exit(f"{awaited!r} did not come after {typed!r}; there was:\n{CONTROLS.sub('', raw)}")


main()
