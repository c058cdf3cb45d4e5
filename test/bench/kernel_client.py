"""A kernel as the benchmarks drive it: Lectern and its peers through one and the same client."""

import queue
import statistics
import subprocess
import time

import zmq
from jupyter_client import KernelManager

PATIENCE = 60


class Kernel:
    """A running kernel; `ready` and `first_result` are the seconds from the start of its process."""

    def __init__(self, name):
        context = zmq.Context()
        # ZeroMQ tries again every 100 ms by default; that would hide most of what a start takes.
        context.setsockopt(zmq.RECONNECT_IVL, 5)
        self.name = name
        self.manager = KernelManager(kernel_name=name, context=context)
        started = time.perf_counter()
        self.manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.client = self.manager.client()
        self.client.start_channels(stdin=False, hb=False)
        self.client.kernel_info()
        self.client.get_shell_msg(timeout=PATIENCE)
        self.ready = time.perf_counter() - started
        # What is published before the subscription has reached the kernel is lost: ask until a result is seen.
        deadline = time.perf_counter() + PATIENCE
        while not self.trip(limit=0.1):
            assert time.perf_counter() < deadline, f"{name} shows no result of 1+1"
        self.first_result = time.perf_counter() - started

    def trip(self, code="1+1", expected="2", limit=PATIENCE):
        """Executes code; returns once reply and idle are there: whether the result was seen, the first part of it within `limit`."""
        request = self.client.execute(code)
        reply = self.client.get_shell_msg(timeout=PATIENCE)
        assert reply["parent_header"]["msg_id"] == request and reply["content"]["status"] == "ok", reply
        seen = ""
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=PATIENCE if seen else limit)
            except queue.Empty:  # the subscription was late
                return False
            if message["parent_header"].get("msg_id") != request:
                continue
            content = message["content"]
            if message["msg_type"] == "execute_result":
                seen += content["data"]["text/plain"]
            elif message["msg_type"] == "stream":  # tslab prints its results
                seen += content["text"]
            elif message["msg_type"] == "status" and content["execution_state"] == "idle":
                return seen.strip().endswith(expected)  # ipykernel warns of its full cache before the 1000th

    def round_trip(self, trips, code="1+1"):
        """Median seconds of so many executions. tslab loses a result now and then; such an execution does not count."""
        times = []
        while len(times) < trips:
            begin = time.perf_counter()
            if self.trip(code):
                times.append(time.perf_counter() - begin)
            else:
                assert self.name == "tslab", f"{self.name} lost a result"
        return statistics.median(times)

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
