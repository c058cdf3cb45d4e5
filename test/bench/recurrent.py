"""A live process that times PyTorch's recurrent layers. Usage: recurrent.py THREADS

Reads one JSON object a line, {"model": name, "seconds": s}; answers {"steps": [seconds of each forward and backward, …]}.
test/bench/lectern-recurrent.ts is the other side: the same sizes.
"""

import json
import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)


def make(name):
    layers = {"lstm": nn.LSTM, "gru": nn.GRU}[name](1, 256, num_layers=2, batch_first=True)
    x, slope = torch.rand(32, 60, 1), torch.rand(32, 256)

    def step():
        layers.zero_grad()
        (layers(x)[0][:, -1] * slope).sum().backward()

    return step


made = {}
for line in sys.stdin:
    request = json.loads(line)
    name = request["model"]
    if name not in made:
        made[name] = make(name)
    step = made[name]
    steps = []
    end = time.perf_counter() + request["seconds"]
    while (begin := time.perf_counter()) < end:
        step()
        steps.append(time.perf_counter() - begin)
    print(json.dumps({"steps": steps}), flush=True)
