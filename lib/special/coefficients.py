"""Writes coefficients.ts beside it: Chebyshev expansions for the special functions, from 60-digit arithmetic (mpmath)."""
from pathlib import Path

from mpmath import chebyt, cos, digamma, erfc, exp, findroot, inf, loggamma, mp, mpf, pi

mp.dps = 60


def expansion(f, low, high, count=60):
    """Coefficients of f on [low, high], as far as a double can tell them from zero."""
    nodes = [cos(pi * (2 * k + 1) / (2 * count)) for k in range(count)]
    values = [f((low + high) / 2 + (high - low) / 2 * t) for t in nodes]
    found = [2 / mpf(count) * sum(v * chebyt(j, t) for v, t in zip(values, nodes)) for j in range(count)]
    found[0] /= 2
    while abs(found[-1]) < mpf(10) ** -17:
        found.pop()
    return found


def scaled_erfc(t):
    x = mpf(15) / 4 * (1 + t) / (1 - t)
    return (1 + 2 * x) * exp(x * x) * erfc(x)


root = findroot(digamma, 1.4616)
high_part = mpf(float(root))
parts = {
    "SCALED_ERFC": ("(1 + 2x)·exp(x²)·erfc(x) for x ≥ 0, in t = (x − 3.75) / (x + 3.75)", expansion(scaled_erfc, mpf(-1), mpf(1))),
    "LOG_GAMMA": ("log Γ(x) / ((x − 1)(x − 2)) for x in [1, 2], in t = 2x − 3", expansion(lambda x: loggamma(x) / ((x - 1) * (x - 2)), mpf(1), mpf(2))),
    "DIGAMMA": ("ψ(x) / (x − root) for x in [1, 2], in t = 2x − 3", expansion(lambda x: digamma(x) / (x - root), mpf(1), mpf(2))),
}
lines = ["// Chebyshev expansions for the special functions, written by coefficients.py.", ""]
for name, (meaning, numbers) in parts.items():
    lines += [f"/** {meaning}. */", f"export const {name}: readonly number[] = ["]
    lines += [f"  {float(c)!r}," for c in numbers] + ["];", ""]
lines += [
    "/** The zero of ψ above 0, as the sum of two doubles. */",
    f"export const DIGAMMA_ROOT: readonly [number, number] = [{float(high_part)!r}, {float(root - high_part)!r}];",
    "",
]
(Path(__file__).parent / "coefficients.ts").write_text("\n".join(lines))
