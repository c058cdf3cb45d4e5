"""Times kernels through one and the same client, in turns: the start of a process, and the round trip of 1+1.

Usage: kernels.py KERNEL KERNEL …   Prints one JSON object: {kernel: {"start": [s, …], "roundTrip": [s, …]}}.
"""

import json
import statistics
import subprocess
import sys
import time

import zmq
from jupyter_client import KernelManager

STARTS = 7
ROUNDS = 15
TRIPS_A_ROUND = 40
WARM_UP = 100
PATIENCE = 60


class Kernel:
    def __init__(self, name):
        context = zmq.Context()
        # ZeroMQ tries again every 100 ms by default; that would hide most of what a start takes.
        context.setsockopt(zmq.RECONNECT_IVL, 5)
        self.manager = KernelManager(kernel_name=name, context=context)
        self.started = time.perf_counter()
        self.manager.start_kernel(stderr=subprocess.DEVNULL)
        self.client = self.manager.client()
        self.client.start_channels(stdin=False, hb=False)
        self.first_result = self.await_first_result() - self.started

    def await_first_result(self):
        self.client.kernel_info()
        self.client.get_shell_msg(timeout=PATIENCE)
        # What is published before the subscription has reached the kernel is lost: ask until a result is seen.
        while not self.trip():
            pass
        return time.perf_counter()

    def trip(self):
        """Executes 1+1; returns once reply and idle are there: whether the result was seen."""
        request = self.client.execute("1+1")
        reply = self.client.get_shell_msg(timeout=PATIENCE)
        assert reply["parent_header"]["msg_id"] == request and reply["content"]["status"] == "ok", reply
        seen = False
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=0.1 if not seen else PATIENCE)
            except Exception:  # queue.Empty: the subscription was late
                return False
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "execute_result":
                assert message["content"]["data"]["text/plain"] == "2", message["content"]
                seen = True
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return seen

    def round_trip(self):
        times = []
        for _ in range(TRIPS_A_ROUND):
            begin = time.perf_counter()
            assert self.trip()
            times.append(time.perf_counter() - begin)
        return statistics.median(times)

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def main(names):
    starts = {name: [] for name in names}
    for _ in range(STARTS):
        for name in names:
            kernel = Kernel(name)
            starts[name].append(kernel.first_result)
            kernel.stop()

    kernels = {name: Kernel(name) for name in names}
    for kernel in kernels.values():
        for _ in range(WARM_UP):
            kernel.trip()
    trips = {name: [] for name in names}
    for _ in range(ROUNDS):
        for name, kernel in kernels.items():
            trips[name].append(kernel.round_trip())
    for kernel in kernels.values():
        kernel.stop()
    print(json.dumps({name: {"start": starts[name], "roundTrip": trips[name]} for name in names}))


main(sys.argv[1:])
