"""Runs notebooks with nbclient in all the ways its options offer; prints one JSON object of findings."""

import asyncio
import json
import sys
import time

import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

found = {}

# Seconds, for what hangs: on a busy machine everything may take many times what it takes alone.
LIMIT = 300


def notebook(*cells):
    cells = [new_code_cell(cell) if isinstance(cell, str) else new_code_cell(cell[0], metadata=cell[1]) for cell in cells]
    spec = {"name": "lectern", "display_name": "TypeScript (Lectern)", "language": "typescript"}
    return new_notebook(cells=cells, metadata={"kernelspec": spec})


def brief(output):
    return output.get("data", {}).get("text/plain") or output.get("ename") or output.text


def outputs(document):
    return [[brief(output) for output in cell.outputs] for cell in document.cells]


PATIENT = {"timeout": LIMIT, "startup_timeout": LIMIT, "iopub_timeout": LIMIT}


def execute(document, **options):
    """The outputs, and what nbclient raised."""
    try:
        NotebookClient(document, **{**PATIENT, **options}).execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        return outputs(document), type(error).__name__
    return outputs(document), None


def left_over():
    """Processes of ours that outlive their notebook; they get a moment to end."""
    for _ in range(LIMIT * 10):
        children = [child for child in psutil.Process().children(recursive=True) if child.status() != psutil.STATUS_ZOMBIE]
        if not children:
            return []
        time.sleep(0.1)
    return [child.cmdline() for child in children]


# The limit of each cell for itself: one cell is cut short, the others take their time.
found["timeout_func"] = execute(
    notebook(
        "let n = 1",
        ("while (true) n++", {"seconds": 3}),
        "await new Promise((resolve) => setTimeout(resolve, 500)); typeof n",
        ("await new Promise(() => {})", {"seconds": 3}),
        "typeof n",
    ),
    timeout_func=lambda cell: cell.metadata.get("seconds", LIMIT),
    interrupt_on_timeout=True,
    allow_errors=True,
    raise_on_iopub_timeout=True,
)
# Without an interrupt nbclient gives up, and the kernel with its processes goes.
found["gave_up"] = execute(notebook("while (true) {}", "1"), timeout=3)
found["left_over_after_giving_up"] = left_over()

found["tags"] = execute(
    notebook(
        ("throw new Error('expected')", {"tags": ["raises-exception"]}),
        ("const wrong: number = 'x'", {"tags": ["raises-exception"]}),
        ("console.log('never')", {"tags": ["skip-execution"]}),
        "1 + 1",
        "throw new RangeError('not expected')",
        "2 + 2",
    )
)
found["allow_error_names"] = execute(
    notebook("throw new RangeError('a')", "null!.x", "1"), allow_error_names=["RangeError", "TypeScriptError"]
)

# One stream output for all that was printed, complete, also behind a flood of lines; a display in its last state.
document = notebook(
    "for (let i = 0; i < 20000; i++) console.log(`line ${i}`)",
    "console.log('a'); await null; console.log('b'); setTimeout(() => console.log('c'), 50);"
    " await new Promise((resolve) => setTimeout(resolve, 300))",
    "const at = (text: string) => ({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': text }) });"
    " display(at('10 %'), { display_id: 'x' }); display(at('100 %'), { display_id: 'x', update: true })",
)
(lines, *rest), raised = execute(document, coalesce_streams=True, raise_on_iopub_timeout=True)
found["coalesced"] = [len(lines), "".join(lines) == "".join(f"line {i}\n" for i in range(20000)), *rest, raised]

# The user's process dies: the notebook goes on in a new one. The kernel itself dies: nbclient says so, and no process stays.
kill = "process.getBuiltinModule('node:child_process').execSync(`kill -9 ${process.%s}`)"
found["process_died"] = execute(notebook("const before = 1", kill % "pid", "6 * 7"), allow_errors=True)
started = time.monotonic()
found["kernel_died"] = execute(notebook("1", kill % "ppid", "2"))[1]
found["noticed_at_once"] = time.monotonic() - started < LIMIT / 2
found["left_over_after_death"] = left_over()


async def together():
    documents = [notebook(f"const mine = {i};", "await new Promise((resolve) => setTimeout(resolve, 100)); mine * 2") for i in range(4)]
    await asyncio.gather(*(NotebookClient(document, **PATIENT).async_execute() for document in documents))
    return [outputs(document) for document in documents]


found["together"] = asyncio.run(together())
found["left_over"] = left_over()

json.dump(found, sys.stdout)
