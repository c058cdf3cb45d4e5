"""Drives the kernel with jupyter_client, as notebooks, nbconvert and graders do; prints one JSON object of findings."""

import json
import sys
import time

from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

found = {}

# Seconds, for what hangs: on a busy machine everything may take many times what it takes alone.
LIMIT = 120


def run(client, code, **options):
    outputs = []
    reply = client.execute_interactive(code, timeout=LIMIT, output_hook=outputs.append, **options)
    return reply["content"], [m for m in outputs if m["msg_type"] not in ("status", "execute_input")]


def beats(client):
    """Whether the heart beats, if not at this moment: the channel takes an echo for lost when it is a second late."""
    deadline = time.monotonic() + LIMIT
    while not client.hb_channel.is_beating() and time.monotonic() < deadline:
        time.sleep(0.1)
    return client.hb_channel.is_beating()


def notebook(*sources):
    return new_notebook(
        cells=[new_code_cell(source) for source in sources],
        metadata={"kernelspec": {"name": "lectern", "display_name": "TypeScript (Lectern)", "language": "typescript"}},
    )


manager, client = start_new_kernel(kernel_name="lectern", startup_timeout=LIMIT)
info = client.kernel_info(reply=True, timeout=LIMIT)["content"]
found["language"] = info["language_info"]["name"]
found["protocol"] = info["protocol_version"]
client.control_channel.send(client.session.msg("kernel_info_request", {}))
found["control_info"] = client.get_control_msg(timeout=LIMIT)["content"]["status"]

reply, outputs = run(client, "const greeting: string = 'hello, world'; console.log(greeting); greeting.length")
found["stream"] = outputs[0]["content"]
found["result"] = outputs[1]["content"]["data"]["text/plain"]

reply, outputs = run(client, "throw new RangeError('too far')", stop_on_error=False)
found["error"] = [reply["ename"], reply["evalue"]]
found["error_published"] = [outputs[0]["content"]["ename"], outputs[0]["content"]["evalue"]]

found["heartbeat"] = client.is_alive() and beats(client)

# Questions: the hook of execute_interactive answers them as a person would.
asked = []


def answer(message):
    asked.append([message["content"]["prompt"], message["content"]["password"], message["parent_header"]["msg_type"]])
    client.input(f"answer {len(asked)}")


code = "[await input('name? '), prompt('sync?'), await input('secret? ', { password: true })].join()"
_, outputs = run(client, code, allow_stdin=True, stdin_hook=answer)
found["asked"] = asked
found["answered"] = outputs[0]["content"]["data"]["text/plain"]
reply, _ = run(client, "prompt('anyone?')", allow_stdin=False)
found["nobody"] = reply["ename"]

request = client.execute("console.log('spinning'); while (true) {}")
while client.get_iopub_msg(timeout=LIMIT)["msg_type"] != "stream":
    pass
manager.interrupt_kernel()
found["interrupted"] = client._recv_reply(request, timeout=LIMIT)["content"]["ename"]
found["kept"] = run(client, "greeting")[1][0]["content"]["data"]["text/plain"]

manager.restart_kernel()
client.wait_for_ready(timeout=LIMIT)
found["forgotten"] = run(client, "// @ts-nocheck\ntypeof greeting")[1][0]["content"]["data"]["text/plain"]

client.stop_channels()
manager.shutdown_kernel()
found["alive"] = manager.is_alive()

# nbclient: results are stored, a failing cell does not end the run, a cell out of time is interrupted and the rest runs.
PATIENT = {"timeout": LIMIT, "startup_timeout": LIMIT, "iopub_timeout": LIMIT}
document = notebook("const n = 20", "n + 1", "throw new Error('wrong')", "n + 2")
NotebookClient(document, allow_errors=True, **PATIENT).execute()
found["outputs"] = [
    [output.get("data", {}).get("text/plain", output.get("ename")) for output in cell.outputs] for cell in document.cells
]
found["language_info"] = document.metadata["language_info"]["pygments_lexer"]

document = notebook("let n = 1", "while (true) {}", "n")
NotebookClient(
    document,
    allow_errors=True,
    timeout_func=lambda cell: 2 if "while" in cell.source else LIMIT,
    startup_timeout=LIMIT,
    iopub_timeout=LIMIT,
    interrupt_on_timeout=True,
    raise_on_iopub_timeout=True,
    error_on_timeout={"ename": "CellTimeoutError", "evalue": "", "traceback": []},
).execute()
found["after_timeout"] = [
    [output.get("data", {}).get("text/plain", output.get("ename")) for output in cell.outputs] for cell in document.cells
]

# nbclient: what widgets tell the front end goes into the notebook, where nbconvert and viewers draw them from it.
widget = """
const slider = comms.open("jupyter.widget", {
  state: { _model_name: "IntSliderModel", _model_module: "@jupyter-widgets/controls", _model_module_version: "2.0.0",
           value: 3, data: null },
  buffer_paths: [["data"]],
}, { metadata: { version: "2.1.0" }, buffers: [new Uint8Array([1, 2, 3])] });
display({ [Symbol.for("Jupyter.display")]: () => ({
  "application/vnd.jupyter.widget-view+json": { model_id: slider.id, version_major: 2, version_minor: 0 } }) });
slider.send({ method: "update", state: { value: 7 } });
"""
document = notebook(widget, "let refused = ''; try { prompt('?') } catch (error) { refused = (error as Error).name } refused")
NotebookClient(document, **PATIENT).execute()
view = document.cells[0].outputs[0]["data"]["application/vnd.jupyter.widget-view+json"]
[(model, stored)] = document.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"].items()
found["widget"] = {
    "is_shown": view["model_id"] == model,
    "model": stored["model_name"],
    "value": stored["state"]["value"],
    "buffers": [[buffer["path"], buffer["data"]] for buffer in stored["buffers"]],
}
found["nbclient_asked"] = document.cells[1].outputs[0]["data"]["text/plain"]

json.dump(found, sys.stdout)
