/**
 * The elementary functions in SIMD lanes: AssemblyScript, one f64x2 in, one out, the two lanes independent.
 *
 * Every lane carries the bits of the scalar function of the same name in packages/formula/src/elementary (any NaN
 * for any NaN): the same operations in the same order, both sides of each branch computed and one selected. What
 * the formulas are and where they come from stands there; a change here is a change there.
 *
 * The code allocates nothing (runtime stub) and uses no relaxed SIMD. Memory: constants stand in
 * static tables (@lazy: at most 3 kB, a table only when a function of its family is used). What a module does not call
 * is not compiled into it; import what is needed (`import { exp_v } from './elementary'`), for in an entry file every
 * `export` would be kept.
 *
 * powerInteger: the generator unrolls x^k, a literal 0 < k <= 64, by the recursion of powerInteger.ts, most significant
 * bit first, one local a step, and wraps a negative exponent in a division:
 *
 *     let p = x                                  // the leading 1 bit of k
 *     p = f64x2.mul(p, p)                        // for each further bit: square,
 *     p = f64x2.mul(p, x)                        // and where the bit is 1, times x
 *     f64x2.div(f64x2.splat(1), p)               // for -k
 *
 * so x^5 = mul(mul(mul(x, x), mul(x, x)), x); x^0 is splat(1). `power_v` is for all other exponents.
 */

export { abs_v, max_v, min_v, relu_v, sign_v, sqrt_v } from './vectors'
export * from './exponential'
export * from './hyperbolic'
export * from './inverse'
export * from './angles'
export * from './power'
