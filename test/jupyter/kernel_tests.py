"""jupyter_kernel_test: Jupyter's own tests of a kernel, every one that it offers."""

import unittest

from jupyter_kernel_test import IopubWelcomeTests, KernelTests

BROADCAST = "(globalThis as any)[Symbol.for('Jupyter.broadcast')]"


class LecternKernelTests(KernelTests):
    kernel_name = "lectern"
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
