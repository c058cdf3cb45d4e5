"""A live process that times PyTorch's training steps. Usage: pytorch.py THREADS

Reads one JSON object a line, {"model": name, "seconds": s}; answers with {"steps": [seconds of each step, …], "loss": number}.
test/bench/lectern.ts is the other side: the same models, sizes, optimizer and number of batches.
"""

import itertools
import json
import sys
import time

import torch
from torch import nn

BATCH = 128
# Several batches in turn: on one alone the loss would soon be 0 and its gradients too small for normal floats.
BATCHES = 16

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)


def mlp():
    layers = [nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)]
    return nn.Sequential(*layers), nn.CrossEntropyLoss(), lambda: (torch.rand(BATCH, 784), torch.randint(10, (BATCH,)))


def cnn():
    layers = [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [nn.Conv2d(64, 64, 3), nn.ReLU(), nn.Flatten(), nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10)]
    # Channels last is PyTorch's faster layout here, by a third.
    model = nn.Sequential(*layers).to(memory_format=torch.channels_last)
    image = lambda: torch.rand(BATCH, 1, 28, 28).to(memory_format=torch.channels_last)
    return model, nn.CrossEntropyLoss(), lambda: (image(), torch.randint(10, (BATCH,)))


def small():
    layers = [nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1)]
    return nn.Sequential(*layers), nn.MSELoss(), lambda: (torch.rand(BATCH, 20), torch.rand(BATCH, 1))


class Training:
    def __init__(self, model, loss_function, make_batch):
        self.model, self.loss_function = model, loss_function
        self.batches = itertools.cycle([make_batch() for _ in range(BATCHES)])
        self.optimizer = torch.optim.Adam(model.parameters())

    def step(self):
        x, y = next(self.batches)
        loss = self.loss_function(self.model(x), y)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss


makers = {"mlp": mlp, "cnn": cnn, "small": small}
trainings = {}
for line in sys.stdin:
    request = json.loads(line)
    name = request["model"]
    if name not in trainings:
        trainings[name] = Training(*makers[name]())
    training = trainings[name]
    steps = []
    end = time.perf_counter() + request["seconds"]
    while (begin := time.perf_counter()) < end:
        loss = training.step()
        steps.append(time.perf_counter() - begin)
    print(json.dumps({"steps": steps, "loss": loss.item()}), flush=True)
