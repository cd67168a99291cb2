/** IEEE square root: correctly rounded, so every engine gives the same bits. */
export function sqrt(x: number): number {
  return Math.sqrt(x)
}

/** |x|: the sign bit cleared. */
export function abs(x: number): number {
  return Math.abs(x)
}

/** b < a ? b : a, as WebAssembly's f64x2.pmin: a if either is NaN, and a if both are zeros. */
export function min(a: number, b: number): number {
  // biome-ignore lint/complexity/useMathMinMax: Math.min and Math.max treat NaN and -0 differently.
  return b < a ? b : a
}

/** a < b ? b : a, as WebAssembly's f64x2.pmax. */
export function max(a: number, b: number): number {
  // biome-ignore lint/complexity/useMathMinMax: Math.min and Math.max treat NaN and -0 differently.
  return a < b ? b : a
}

/** -1, 0 or 1; sign(-0) = 0, sign(NaN) = NaN. */
export function sign(x: number): number {
  if (x > 0) return 1
  if (x < 0) return -1
  return x === 0 ? 0 : x
}

/** x > 0 ? x : 0; relu(NaN) = 0. */
export function relu(x: number): number {
  // biome-ignore lint/complexity/useMathMinMax: Math.min and Math.max treat NaN and -0 differently.
  return x > 0 ? x : 0
}
