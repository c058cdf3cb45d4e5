// The discrete Fourier transform of rows of complex numbers, in place, in n·log n steps for every length.

/** The unit circle in `count` steps: cosines and sines of 2π·k/count. */
interface Circle {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

function circle(count: number): Circle {
  const angle = (k: number) => (2 * Math.PI * k) / count;
  return {
    cos: Float64Array.from({ length: count }, (_, k) => Math.cos(angle(k))),
    sin: Float64Array.from({ length: count }, (_, k) => Math.sin(angle(k))),
  };
}

/** Transforms rows of n numbers: yₖ = Σ xⱼ·e^(±2πi·jk/n), with minus when `direction` is −1. */
export function transformRows(re: Float64Array, im: Float64Array, n: number, direction: 1 | -1): void {
  if (n < 2) return;
  const work = (n & (n - 1)) === 0 ? powerOfTwo(n, direction) : anyLength(n, direction);
  for (let start = 0; start < re.length; start += n) {
    work(re.subarray(start, start + n), im.subarray(start, start + n));
  }
}

type Work = (re: Float64Array, im: Float64Array) => void;

/** Cooley & Tukey, 1965: bits of the positions reversed, then butterflies of growing size. */
function powerOfTwo(n: number, direction: 1 | -1): Work {
  const { cos, sin } = circle(n);
  return (re, im) => {
    for (let i = 1, j = 0; i < n; i++) {
      let bit = n >> 1;
      for (; (j & bit) !== 0; bit >>= 1) j ^= bit;
      j ^= bit;
      if (i < j) {
        [re[i], re[j]] = [re[j]!, re[i]!];
        [im[i], im[j]] = [im[j]!, im[i]!];
      }
    }
    for (let half = 1; half < n; half *= 2) {
      const step = n / (2 * half);
      for (let block = 0; block < n; block += 2 * half) {
        for (let k = 0; k < half; k++) {
          const c = cos[k * step]!;
          const s = direction * sin[k * step]!;
          const p = block + k;
          const q = p + half;
          const x = c * re[q]! - s * im[q]!;
          const y = c * im[q]! + s * re[q]!;
          re[q] = re[p]! - x;
          im[q] = im[p]! - y;
          re[p] = re[p]! + x;
          im[p] = im[p]! + y;
        }
      }
    }
  };
}

/**
 * Bluestein, 1970: with jk = (j² + k² − (k − j)²)/2 the transform is a convolution with the chirp e^(πi·k²/n), which
 * transforms whose length is a power of two compute.
 */
function anyLength(n: number, direction: 1 | -1): Work {
  let length = 1;
  while (length < 2 * n - 1) length *= 2;
  const { cos, sin } = circle(2 * n);
  const forth = powerOfTwo(length, -1);
  const back = powerOfTwo(length, 1);
  // The square modulo 2n, built up step by step: it stays an exact whole number.
  const squares = new Int32Array(n);
  for (let k = 1; k < n; k++) squares[k] = (squares[k - 1]! + 2 * k - 1) % (2 * n);
  const chirpRe = new Float64Array(length);
  const chirpIm = new Float64Array(length);
  for (let k = 0; k < n; k++) {
    chirpRe[k] = cos[squares[k]!]!;
    chirpIm[k] = -direction * sin[squares[k]!]!;
    if (k === 0) continue;
    chirpRe[length - k] = chirpRe[k]!;
    chirpIm[length - k] = chirpIm[k]!;
  }
  forth(chirpRe, chirpIm);
  return (re, im) => {
    const p = new Float64Array(length);
    const q = new Float64Array(length);
    for (let k = 0; k < n; k++) {
      const c = cos[squares[k]!]!;
      const s = direction * sin[squares[k]!]!;
      p[k] = re[k]! * c - im[k]! * s;
      q[k] = re[k]! * s + im[k]! * c;
    }
    forth(p, q);
    for (let k = 0; k < length; k++) {
      const x = p[k]! * chirpRe[k]! - q[k]! * chirpIm[k]!;
      q[k] = p[k]! * chirpIm[k]! + q[k]! * chirpRe[k]!;
      p[k] = x;
    }
    back(p, q);
    for (let k = 0; k < n; k++) {
      const c = cos[squares[k]!]!;
      const s = direction * sin[squares[k]!]!;
      re[k] = (p[k]! * c - q[k]! * s) / length;
      im[k] = (p[k]! * s + q[k]! * c) / length;
    }
  };
}
