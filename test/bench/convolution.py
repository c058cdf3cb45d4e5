"""A live process that times PyTorch's convolutions. Usage: convolution.py THREADS

Reads one JSON object a line, {"model": "<case> <pass>", "seconds": s}; answers with {"steps": [seconds of each call, …]}.
test/bench/lectern-convolution.ts is the other side: the same sizes.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)

# batch, channels, size, filters, window, options
cases = {
    "13": (128, 32, 13, 64, 3, {}),
    "28": (128, 64, 28, 64, 3, {"padding": 1}),
    "stride": (128, 64, 28, 64, 3, {"padding": 1, "stride": 2}),
    "first": (128, 1, 28, 32, 3, {}),
    "1x1": (128, 64, 28, 64, 1, {}),
    "picture": (128, 32, 28, 1, 7, {"padding": 3}),
    "depthwise": (128, 64, 28, 64, 3, {"padding": 1, "groups": 64}),
}


def make(name, kind):
    batch, channels, size, filters, window, options = cases[name]
    # Channels last is PyTorch's faster layout here.
    last = lambda t: t.contiguous(memory_format=torch.channels_last)
    x = last(torch.rand(batch, channels, size, size))
    w = last(torch.rand(filters, channels // options.get("groups", 1), window, window))
    dy = last(torch.rand_like(F.conv2d(x, w, **options)))
    if kind == "forward":
        return lambda: F.conv2d(x, w, **options)
    stride, padding, groups = options.get("stride", 1), options.get("padding", 0), options.get("groups", 1)
    mask = [kind == "input", kind == "filters", False]
    backward = torch.ops.aten.convolution_backward
    two = lambda n: [n, n]
    return lambda: backward(dy, x, w, None, two(stride), two(padding), [1, 1], False, [0, 0], groups, mask)


made = {}
with torch.no_grad():
    for line in sys.stdin:
        request = json.loads(line)
        name = request["model"]
        if name not in made:
            made.clear()
            made[name] = make(*name.split())
        call = made[name]
        steps = []
        end = time.perf_counter() + request["seconds"]
        while (begin := time.perf_counter()) < end:
            call()
            steps.append(time.perf_counter() - begin)
        print(json.dumps({"steps": steps}), flush=True)
