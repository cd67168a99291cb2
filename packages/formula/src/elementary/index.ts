/**
 * The elementary functions of the grammar. Each function gives the same bits on every engine, here and in the
 * WebAssembly SIMD lanes of packages/kernel/assembly/elementary.ts. A function uses only IEEE + - * / and sqrt,
 * comparisons and bit casts, in one fixed order. All NaNs count as equal, whatever their bits. The errors in the
 * comments are in units of the last place (ulp) of the exact result. Each of them is the largest error found for the
 * arguments in fixtures/ and in a random search, which fixtures/measure.mjs repeats.
 */

export { abs, max, min, relu, sign, sqrt } from './bits.ts'
export { erf, exp, log, sigmoid, softplus } from './exponential.ts'
export { cosh, sinh, tanh } from './hyperbolic.ts'
export { acos, atan } from './inverse.ts'
export { power, powerInteger } from './power.ts'
export { cos, sin, tan } from './trigonometric.ts'
