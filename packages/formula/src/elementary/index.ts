/**
 * The elementary functions of the grammar. Each gives the same bits on every engine, in TypeScript and, as
 * packages/kernel/assembly/elementary.ts, in WebAssembly SIMD lanes: only IEEE + - * / and sqrt, comparisons and bit
 * casts, in one fixed order. "The same bits" takes any NaN for any other. Errors are in units of the last place
 * of the exact result, the largest over the arguments of fixtures/ and a search that fixtures/measure.mjs repeats.
 */
export { erf } from './errorFunction.ts'
export { exp } from './exponential.ts'
export { cosh, sinh, tanh } from './hyperbolic.ts'
export { acos, atan } from './inverse.ts'
export { log } from './logarithm.ts'
export { sigmoid, softplus } from './logistic.ts'
export { power } from './power.ts'
export { powerInteger } from './powerInteger.ts'
export { abs, max, min, relu, sign, sqrt } from './selection.ts'
export { cos, sin, tan } from './trigonometric.ts'
