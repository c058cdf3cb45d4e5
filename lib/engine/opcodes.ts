// The numbers by which TypeScript names an operation to the compiled core; both sides read this one file.
// Plain constants without types, so that AssemblyScript and TypeScript understand them alike.

export const NEG = 0;
export const ABS = 1;
export const SQUARE = 2;
export const SQRT = 3;
export const RECIPROCAL = 4;
export const RELU = 5;
export const SIGN = 6;
export const FLOOR = 7;
export const CEIL = 8;
export const ROUND = 9;
export const EXP = 10;
export const LOG = 11;
export const SIGMOID = 12;
export const TANH = 13;
export const SOFTPLUS = 14;
export const SIN = 15;
export const COS = 16;
export const LOG1P = 17;
export const EXPM1 = 18;

export const ADD = 0;
export const SUB = 1;
export const MUL = 2;
export const DIV = 3;
export const MAX = 4;
export const MIN = 5;
export const GREATER = 6;
export const GREATER_EQUAL = 7;
export const LESS = 8;
export const LESS_EQUAL = 9;
export const EQUAL = 10;
export const NOT_EQUAL = 11;
export const RELU_GRADIENT = 12;
export const SIGMOID_GRADIENT = 13;
export const TANH_GRADIENT = 14;
export const POW = 15;

export const REDUCE_SUM = 0;
export const REDUCE_MEAN = 1;
export const REDUCE_MAX = 2;
export const REDUCE_MIN = 3;
export const REDUCE_ARGMAX = 4;
export const REDUCE_ARGMIN = 5;
