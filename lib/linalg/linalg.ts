// Everything that `linalg.…` gives.
export { matmul } from "../ops/matmul.ts";
export { matrixTranspose } from "./batch.ts";
export { cholesky } from "./cholesky.ts";
export { det, type SlogdetResult, slogdet } from "./determinant.ts";
export { diagonal, trace } from "./diagonal.ts";
export { type EigResult, eig } from "./eig.ts";
export { type EighResult, eigh } from "./eigh.ts";
export { type LstsqResult, lstsq } from "./lstsq.ts";
export { type LuResult, lu } from "./luDecomposition.ts";
export { norm } from "./norm.ts";
export { cross, matrixPower, multiDot, outer } from "./products.ts";
export { type QrResult, qr } from "./qr.ts";
export { cond, matrixRank, nullSpace, pinv } from "./rank.ts";
export { inv, solve, solveTriangular } from "./solve.ts";
export { type SvdResult, svd } from "./svd.ts";
