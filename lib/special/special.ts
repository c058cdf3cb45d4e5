// What `special` holds in "lectern": the special functions of plain numbers.
export { erf, erfc, erfcInv, erfcx, erfInv } from "./erf.ts";
export { binomialCoefficient, digamma, logBeta, logFactorial, logGamma, trigamma } from "./gamma.ts";
export { betaI, betaIInv } from "./incompleteBeta.ts";
export { gammaP, gammaPInv, gammaQ, gammaQInv } from "./incompleteGamma.ts";
export { polygamma } from "./polygamma.ts";
