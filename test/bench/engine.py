"""A live process that times parts of PyTorch. Usage: engine.py THREADS

Reads one JSON object a line, {"model": name, "seconds": s}; answers with {"steps": [seconds of each call, …]}.
test/bench/lectern-engine.ts is the other side: the same operations and sizes.
"""

import json
import sys
import time

import torch

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)

x = torch.rand(1000, 1000)
y = torch.rand(1000, 1000)

operations = {
    "chain": lambda: torch.relu(torch.tanh(x * 0.5 + y) * y),
    "arithmetic": lambda: x * y + x - 1,
    "exp": lambda: torch.exp(x),
    "sum": lambda: torch.sum(x),
    "sum0": lambda: torch.sum(x, 0),
    "sum1": lambda: torch.sum(x, 1),
    "max0": lambda: torch.amax(x, 0),
    "max1": lambda: torch.amax(x, 1),
    "argMax1": lambda: torch.argmax(x, 1),
}


def product(name):
    form, sizes = name.split()
    m, k, n = map(int, sizes.split("×"))
    a = torch.rand(k, m).T if form[0] == "T" else torch.rand(m, k)
    b = torch.rand(n, k).T if form[1] == "T" else torch.rand(k, n)
    c = torch.empty(m, n)
    return lambda: torch.mm(a, b, out=c)


made = dict(operations)
with torch.no_grad():
    for line in sys.stdin:
        request = json.loads(line)
        name = request["model"]
        if name not in made:
            made[name] = product(name)
        call = made[name]
        steps = []
        end = time.perf_counter() + request["seconds"]
        while (begin := time.perf_counter()) < end:
            call()
            steps.append(time.perf_counter() - begin)
        print(json.dumps({"steps": steps}), flush=True)
