"""How kernels stand interrupts and busy cells: three kinds of interrupt, heartbeats, idle processor time, memory.

Usage: faults.py KERNEL KERNEL …   Prints one JSON object a kernel: {kernel: {"loop": [s, …], "pending": [s, …],
"after": [s, …], "busy": [s, …], "flood": [s, …], "idle": [share], "memory": [MB]}}. An empty list: the kernel does not manage it.
"""

import json
import queue
import sys
import time

import zmq
from kernel_client import Kernel
from kernel_processes import memory, processes, processor_seconds

ROUNDS = 20
PATIENCE = 5
IDLE_SECONDS = 20
PYTHON = {
    "loop": "kept += 1\nwhile True: pass",
    "pending": "import asyncio\nkept += 1\nawait asyncio.Future()",
    "after": "import asyncio\nkept += 1\nawait asyncio.sleep(0)\nwhile True: pass",
    "flood": "while True: print('x' * 100)",
}
TYPESCRIPT = {
    "loop": "kept += 1;\nwhile (true) {}",
    "pending": "kept += 1;\nawait new Promise(() => {});",
    "after": "kept += 1;\nawait null;\nwhile (true) {}",
    "flood": "while (true) console.log('x'.repeat(100));",
}


def cells(name):
    return PYTHON if name == "python3" else TYPESCRIPT


def start(name):
    kernel = Kernel(name)
    kernel.client.execute("kept = 0" if name == "python3" else "let kept = 0;")
    kernel.client.get_shell_msg(timeout=60)
    kernel.trip()
    return kernel


def finished(kernel, request, limit):
    """Whether reply and idle of a request come in time."""
    deadline = time.perf_counter() + limit
    try:
        while kernel.client.get_shell_msg(timeout=max(0, deadline - time.perf_counter()))["parent_header"].get("msg_id") != request:
            pass
        while True:
            message = kernel.client.get_iopub_msg(timeout=max(0, deadline - time.perf_counter()))
            if message["parent_header"].get("msg_id") != request or message["msg_type"] != "status":
                continue
            if message["content"]["execution_state"] == "idle":
                return True
    except queue.Empty:
        return False


def interrupts(name, kind):
    kernel = start(name)
    times = []
    try:
        for n in range(ROUNDS):
            request = kernel.client.execute(cells(name)[kind])
            time.sleep(0.2)
            begin = time.perf_counter()
            kernel.manager.interrupt_kernel()
            if not finished(kernel, request, PATIENCE):
                return []
            times.append(time.perf_counter() - begin)
            if not kernel.trip("kept", str(n + 1), PATIENCE):
                return []  # the state is gone
        return times
    except Exception:
        return []
    finally:
        kernel.stop()


def heartbeats(name, kind):
    """Round trips of the heartbeat while a cell is busy."""
    kernel = start(name)
    socket = zmq.Context.instance().socket(zmq.REQ)
    socket.linger = 0
    socket.rcvtimeo = 1000
    try:
        kernel.client.execute(cells(name)[kind])
        time.sleep(0.5)
        socket.connect(f"tcp://{kernel.manager.ip}:{kernel.manager.hb_port}")
        times = []
        for _ in range(100):
            begin = time.perf_counter()
            socket.send(b"ping")
            socket.recv()
            times.append(time.perf_counter() - begin)
            time.sleep(0.01)
        return times
    except zmq.Again:
        return []
    finally:
        socket.close()
        kernel.stop()


def rest(name):
    """The share of a processor that an idle kernel takes, and its memory."""
    kernel = start(name)
    try:
        time.sleep(5)
        pids = processes(kernel.manager.provisioner.pid)
        before = processor_seconds(pids)
        time.sleep(IDLE_SECONDS)
        return (processor_seconds(pids) - before) / IDLE_SECONDS, [memory(pid) for pid in pids]
    finally:
        kernel.stop()


def measure(name):
    times = {kind: interrupts(name, kind) for kind in ("loop", "pending", "after")}
    idle, parts = rest(name)
    times |= {"busy": heartbeats(name, "loop"), "flood": heartbeats(name, "flood")}
    return times | {"idle": [idle], "memory": [sum(parts)], "parts": parts}


print(json.dumps({name: measure(name) for name in sys.argv[1:]}))
