/**
 * x^k for an integer |k| <= 64 in one fixed order of multiplications (repeated squaring, left to right):
 *
 *   x^0 = 1, x^1 = x, x^(2m) = x^m * x^m, x^(2m+1) = x^(2m) * x, x^-k = 1 / x^k,
 *
 * hence x^3 = (x*x)*x, x^4 = (x*x)*(x*x), x^5 = ((x*x)*(x*x))*x, x^6 = x^3 * x^3. The kernel's code generator
 * unrolls this recursion, with one temporary per level. Error: at most about k ulp. If k is negative, the result is 0
 * when x^|k| overflows, and infinite when x^|k| underflows to 0.
 */
export function powerInteger(x: number, k: number): number {
  if (k < 0) return 1 / powerInteger(x, -k)
  if (k === 0) return 1
  let result = x
  for (let bit = 30 - Math.clz32(k); bit >= 0; bit--) {
    result = result * result
    if ((k >> bit) & 1) result = result * x
  }
  return result
}
