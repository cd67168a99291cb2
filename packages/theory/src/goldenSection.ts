const golden = 0.6180339887498949

/** Finds the minimum of a function that falls and then rises, in an interval of `tolerance` times its upper end. */
export function goldenSection(
  f: (x: number) => number,
  [low, high]: readonly [number, number],
  rounds: number,
  tolerance = 0,
): { readonly at: number; readonly value: number } {
  let [from, to] = [low, high]
  let [a, b] = [to - golden * (to - from), from + golden * (to - from)]
  let [fa, fb] = [f(a), f(b)]
  for (let round = 0; round < rounds && to - from > tolerance * to; round++) {
    if (fa < fb) {
      ;[to, b, fb] = [b, a, fa]
      a = to - golden * (to - from)
      fa = f(a)
    } else {
      ;[from, a, fa] = [a, b, fb]
      b = from + golden * (to - from)
      fb = f(b)
    }
  }
  return fa < fb ? { at: a, value: fa } : { at: b, value: fb }
}
