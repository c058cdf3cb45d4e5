"""Runs two cells, interrupts the second one after a while, and prints what it published as JSON: setup, training."""

import json
import sys
import time

from jupyter_client.manager import start_new_kernel

setup, training = sys.argv[1:]
# Seconds, for what hangs: on a busy machine everything may take many times what it takes alone.
LIMIT = 240
manager, client = start_new_kernel(kernel_name="lectern", startup_timeout=LIMIT)
prepared = client.execute_interactive(setup, timeout=LIMIT, output_hook=lambda message: None)
if prepared["content"]["status"] != "ok":
    sys.exit("the cell that prepares the training failed")

messages = []


def collect(message):
    content = message["content"]
    if "transient" not in content:
        return
    messages.append(
        {
            "type": message["msg_type"],
            "display_id": content["transient"]["display_id"],
            "mimes": sorted(content["data"]),
            "text": content["data"].get("text/plain", ""),
        }
    )
    if len(messages) == 24:
        manager.interrupt_kernel()


# From before the cell starts to after its end: what is published may be heard later, and then all at once.
started = time.monotonic()
reply = client.execute_interactive(training, timeout=LIMIT, output_hook=collect, stop_on_error=False)
found = {"status": reply["content"]["status"], "seconds": time.monotonic() - started, "messages": messages}
client.stop_channels()
manager.shutdown_kernel()
json.dump(found, sys.stdout)
