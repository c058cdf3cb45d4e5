"""Times the language services of kernels in turns, in a notebook of 29 executed cells: the check of the 30th cell (one
with an error, so nothing runs), member completion, and inspection.

Usage: language.py KERNEL KERNEL …   Prints one JSON object: {kernel: {"check": [s, …], "complete": [s, …], "hover": [s, …]}}.
Lectern's notebook imports lectern, the Python one numpy; tslab's has no library.
"""

import json
import statistics
import sys
import time

from kernel_client import PATIENCE, Kernel

ROUNDS = 10
QUESTIONS_A_ROUND = 10
WARM_UP = 20

NOTEBOOKS = {
    "lectern": {
        "first": 'import { tensor } from "lectern";\nconst x0 = tensor([1, 2, 3]);',
        "cell": "const x{i} = x{before}.add({i}).mul(2);\nfunction f{i}(n: number) {{ return x{i}.sum().item() + n; }}",
        "wrong": "const y = x28.add({i});\ny.nothing{i}();",
        "member": ["const y = x28.add({i});\ny.resh", "reshape"],
    },
    "python3": {
        "first": "import numpy as np\nx0 = np.array([1, 2, 3])",
        "cell": "x{i} = (x{before} + {i}) * 2\ndef f{i}(n): return x{i}.sum() + n",
        "member": ["y = x28 + {i}\nx28.resh", "x28.reshape"],
    },
    "tslab": {
        "first": "const x0 = new Float64Array([1, 2, 3])",
        "cell": "const x{i} = x{before}.map((v) => (v + {i}) * 2);\nfunction f{i}(n: number) {{ return x{i}[0] + n; }}",
        "wrong": "const y = x28.map((v) => v + {i});\ny.nothing{i}();",
        "member": ["const y = x28.map((v) => v + {i});\ny.subarr", "subarray"],
    },
}


class Notebook:
    def __init__(self, name):
        self.name = name
        self.texts = NOTEBOOKS[name]
        self.kernel = Kernel(name)
        self.client = self.kernel.client
        self.asked = 0
        for i in range(29):
            self.run(self.texts["cell"].format(i=i, before=i - 1) if i > 0 else self.texts["first"], "ok")

    def run(self, code, status):
        self.client.execute(code, stop_on_error=False)
        reply = self.client.get_shell_msg(timeout=PATIENCE)["content"]
        assert reply["status"] == status, (self.name, code, reply)

    def check(self):
        self.run(self.texts["wrong"].format(i=self.asked), "error")

    def complete(self):
        code, expected = self.texts["member"]
        self.client.complete(code.format(i=self.asked))
        content = self.client.get_shell_msg(timeout=PATIENCE)["content"]
        assert any(expected.endswith(match.lstrip(".")) for match in content["matches"]), (self.name, content)

    def hover(self):
        code, expected = self.texts["member"]
        member = expected.split(".")[-1]
        self.client.inspect(code.format(i=self.asked).rsplit(".", 1)[0] + "." + member)
        content = self.client.get_shell_msg(timeout=PATIENCE)["content"]
        assert content["found"], (self.name, content)

    def time(self, question, count):
        if question == "check" and "wrong" not in self.texts:
            return None
        times = []
        for _ in range(count):
            self.asked += 1
            begin = time.perf_counter()
            getattr(self, question)()
            times.append(time.perf_counter() - begin)
            if question == "check" and self.name == "tslab":
                time.sleep(0.25)  # it refuses every cell for 200 ms after an error
        return statistics.median(times)


def main(names):
    notebooks = {name: Notebook(name) for name in names}
    questions = ["check", "complete", "hover"]
    times = {name: {question: [] for question in questions} for name in names}
    for question in questions:
        for notebook in notebooks.values():
            notebook.time(question, WARM_UP)
        for _ in range(ROUNDS):
            for name, notebook in notebooks.items():
                median = notebook.time(question, QUESTIONS_A_ROUND)
                if median is not None:
                    times[name][question].append(median)
    for notebook in notebooks.values():
        notebook.kernel.stop()
    print(json.dumps(times))


main(sys.argv[1:])
