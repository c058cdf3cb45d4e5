// The data sets that come with the library, as `datasets.digits()`.
export { type DigitsOptions, digits } from "./digits.ts";
