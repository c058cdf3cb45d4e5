"""A long session: time from request to idle, and memory of the kernel's processes, at every tenth of the way.

Usage: endurance.py [CELLS]   in an environment where Jupyter knows the kernel "lectern". Prints a table.
"""

import sys
import time

from kernel_client import Kernel
from kernel_processes import memory, processes

CELLS = [
    ("const value{n} = {n} + 1; value{n}", lambda n: str(n + 1)),
    ("function double(x: number): number {{ return 2 * x }} double({n})", lambda n: str(2 * n)),
    ("let counter: number = {n}; for (let i = 0; i < 1000; i++) counter += 1; counter", lambda n: str(n + 1000)),
    ("await new Promise((resolve) => setTimeout(resolve, 0)); console.log('line', {n}); [{n}].length", lambda n: "1"),
    ("class Point {{ constructor(readonly x: number) {{}} }} new Point({n}).x", lambda n: str(n)),
]


def main(cells):
    kernel = Kernel("lectern")
    print("cells    p50 ms    p99 ms    MB of each process (kernel first)")
    times = []
    for n in range(1, cells + 1):
        code, expected = CELLS[n % len(CELLS)]
        begin = time.perf_counter()
        assert kernel.trip(code.format(n=n), expected(n)), (n, code)
        times.append(time.perf_counter() - begin)
        if n % (cells // 10) == 0:
            times.sort()
            parts = [f"{memory(pid):.0f}" for pid in processes(kernel.manager.provisioner.pid)]
            p50, p99 = times[len(times) // 2] * 1000, times[len(times) * 99 // 100] * 1000
            print(f"{n:6d}  {p50:8.1f}  {p99:8.1f}    {'  '.join(parts)}", flush=True)
            times = []
    kernel.stop()


main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
