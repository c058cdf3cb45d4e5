"""CurveZMQ with jupyter_client: its keys, its sockets; a client without keys must not get through. Prints JSON."""

import json
import sys
import time
from queue import Empty

import zmq
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

found = {}

# Seconds, for what hangs: on a busy machine everything may take many times what it takes alone.
LIMIT = 120


def beats(client):
    """Whether the heart beats, if not at this moment: the channel takes an echo for lost when it is a second late."""
    deadline = time.monotonic() + LIMIT
    while not client.hb_channel.is_beating() and time.monotonic() < deadline:
        time.sleep(0.1)
    return client.hb_channel.is_beating()


def check(transport):
    manager = KernelManager(kernel_name="lectern", transport_encryption="required", transport=transport)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=LIMIT)
    content = client.execute_interactive("6 * 7", timeout=LIMIT, output_hook=lambda message: None)["content"]
    results = {"encrypted": manager.curve_publickey is not None, "status": content["status"]}
    results["alive"] = beats(client)

    info = dict(manager.get_connection_info())
    own_public, own_secret = zmq.curve_keypair()
    strangers = {
        "no_keys": {},
        "keys_of_another_kernel": {"curve_publickey": own_public.decode(), "curve_secretkey": own_secret.decode()},
    }
    for name, keys in strangers.items():
        stranger = BlockingKernelClient()
        plain = {key: value for key, value in info.items() if not key.startswith("curve_")}
        stranger.load_connection_info({**plain, **keys, "key": info["key"].decode()})
        stranger.start_channels(shell=True, iopub=True, stdin=False, hb=False, control=True)
        # A peer that was refused is none: sending to nobody would wait for ever.
        stranger.shell_channel.socket.setsockopt(zmq.SNDTIMEO, 2000)
        try:
            stranger.kernel_info()
        except zmq.Again:
            pass
        heard = []
        for channel in (stranger.shell_channel, stranger.iopub_channel):
            try:
                channel.get_msg(timeout=1)
                heard.append(type(channel).__name__)
            except Empty:
                pass
        results[name] = heard
        stranger.stop_channels()

    manager.restart_kernel(now=False)
    client.wait_for_ready(timeout=LIMIT)
    results["after_restart"] = client.execute_interactive("1", timeout=LIMIT, output_hook=lambda message: None)["content"]["status"]
    client.stop_channels()
    manager.shutdown_kernel()
    return results


for transport in ("tcp", "ipc"):
    found[transport] = check(transport)

manager = KernelManager(kernel_name="lectern", transport_encryption="auto")
manager.start_kernel()
found["auto"] = manager.curve_publickey is not None
manager.shutdown_kernel(now=True)

json.dump(found, sys.stdout)
