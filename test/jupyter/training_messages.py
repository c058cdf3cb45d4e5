"""Runs two cells, interrupts the second one after a while, and prints what it published as JSON: setup, training."""

import json
import sys
import time

from jupyter_client.manager import start_new_kernel

setup, training = sys.argv[1:]
manager, client = start_new_kernel(kernel_name="lectern", startup_timeout=60)
prepared = client.execute_interactive(setup, timeout=60, output_hook=lambda message: None)
if prepared["content"]["status"] != "ok":
    sys.exit("the cell that prepares the training failed")

messages = []
first_at = None


def collect(message):
    global first_at
    content = message["content"]
    if "transient" not in content:
        return
    now = time.time()
    first_at = first_at or now
    messages.append(
        {
            "type": message["msg_type"],
            "at": now,
            "display_id": content["transient"]["display_id"],
            "mimes": sorted(content["data"]),
            "text": content["data"].get("text/plain", ""),
        }
    )
    if len(messages) == 12:
        manager.interrupt_kernel()


reply = client.execute_interactive(training, timeout=90, output_hook=collect, stop_on_error=False)
found = {"status": reply["content"]["status"], "started": first_at, "ended": time.time(), "messages": messages}
client.stop_channels()
manager.shutdown_kernel()
json.dump(found, sys.stdout)
