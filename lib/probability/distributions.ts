// What `distributions` holds in "lectern".
export { beta } from "./beta.ts";
export { bernoulli, binomial } from "./binomial.ts";
export { categorical } from "./categorical.ts";
export { exponential, laplace } from "./exponential.ts";
export { chiSquared, gamma } from "./gamma.ts";
export { geometric } from "./geometric.ts";
export { logNormal } from "./logNormal.ts";
export { multinomial } from "./multinomial.ts";
export { multivariateNormal } from "./multivariateNormal.ts";
export { normal } from "./normal.ts";
export { poisson } from "./poisson.ts";
export { fisherF, studentT } from "./studentT.ts";
export { truncatedNormal } from "./truncatedNormal.ts";
export { discreteUniform, uniform } from "./uniform.ts";
