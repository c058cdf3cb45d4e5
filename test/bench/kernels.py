"""Times kernels in turns: the start of a process, and the round trip of 1+1.

Usage: kernels.py KERNEL KERNEL …   Prints one JSON object a kernel: {kernel: {"ready": [s, …], "start": [s, …],
"checked": [s, …], "unchecked": [s, …]}}. Only lectern's "unchecked" differs from its "checked".
"""

import json
import sys

from kernel_client import Kernel

STARTS = 7
ROUNDS = 15
TRIPS_A_ROUND = 40
WARM_UP = 100
UNCHECKED = {"lectern": "// @ts-nocheck\n1+1"}


def main(names):
    times = {name: {"ready": [], "start": [], "checked": [], "unchecked": []} for name in names}
    for _ in range(STARTS):
        for name in names:
            kernel = Kernel(name)
            times[name]["ready"].append(kernel.ready)
            times[name]["start"].append(kernel.first_result)
            kernel.stop()

    kernels = {name: Kernel(name) for name in names}
    for kernel in kernels.values():
        kernel.round_trip(WARM_UP)
    for _ in range(ROUNDS):
        for name, kernel in kernels.items():
            times[name]["checked"].append(kernel.round_trip(TRIPS_A_ROUND))
            times[name]["unchecked"].append(kernel.round_trip(TRIPS_A_ROUND, UNCHECKED.get(name, "1+1")))
    for kernel in kernels.values():
        kernel.stop()
    print(json.dumps(times))


main(sys.argv[1:])
