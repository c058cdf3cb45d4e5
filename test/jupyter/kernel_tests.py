"""jupyter_kernel_test: Jupyter's own tests of a kernel, every one that it offers."""

import unittest

import jupyter_kernel_test
from jupyter_kernel_test import IopubWelcomeTests, KernelTests

# Seconds, for what hangs. Its own limits are too short for a busy machine: 15 for a reply, a tenth for what is published.
LIMIT = 120
jupyter_kernel_test.TIMEOUT = LIMIT

BROADCAST = "(globalThis as any)[Symbol.for('Jupyter.broadcast')]"


class LecternKernelTests(KernelTests):
    kernel_name = "lectern"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for channel in (cls.kc.shell_channel, cls.kc.iopub_channel):
            hear = channel.get_msg
            channel.get_msg = lambda timeout=None, hear=hear: hear(timeout=LIMIT)

    def flush_channels(self):
        """Up to the end of a request of our own: what an earlier one has left comes before it, however late."""
        request = self.kc.kernel_info()
        self.kc._recv_reply(request, timeout=LIMIT)
        while True:
            message = self.kc.get_iopub_msg()
            if message["parent_header"].get("msg_id") == request and message["content"].get("execution_state") == "idle":
                break

    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    code_page_something = "Math.sqrt?"
    code_generate_error = "throw new RangeError('too far')"
    code_inspect_sample = "parseInt"
    code_clear_output = BROADCAST + "('clear_output', { wait: true })"

    completion_samples = [
        {"text": "Math.sqr", "matches": {"sqrt", "SQRT2", "SQRT1_2"}},
        {"text": "parseFl", "matches": {"parseFloat"}},
    ]
    complete_code_samples = ["1", "const f = (n: number) => n + 1", "if (true) {\n}", "/* done */", "for (;;) break"]
    incomplete_code_samples = ["if (true) {", "const text = `a", "f(1,", "1 +", "class A {\n  x = 1;", "/* not done"]
    invalid_code_samples = ["let = ;)", "const x", "'abc", "f(]"]

    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'a' + 'b'", "result": "'ab'"},
        {"code": "[1, 2].map((n) => n * 2)", "result": "[ 2, 4 ]"},
    ]
    code_display_data = [
        {"code": BROADCAST + "('display_data', { data: { 'text/html': '<b>hi</b>' }, metadata: {} })", "mime": "text/html"},
        {"code": "display([1, 2])", "mime": "text/plain"},
    ]
    code_history_pattern = "6 [*] 7*"
    supported_history_operations = ("tail", "range", "search")


class LecternWelcomeTests(IopubWelcomeTests):
    kernel_name = "lectern"
    support_iopub_welcome = True


# The base classes are imported by name, and would be run as tests of a kernel that is called python3.
del KernelTests, IopubWelcomeTests

if __name__ == "__main__":
    unittest.main(verbosity=2)
