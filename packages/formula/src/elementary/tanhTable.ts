/** Number of steps of 1/128 up to 19.0625, beyond which tanh always rounds to 1. */
const steps = 2440
/**
 * tanh(1/128), accurate to 107 bits, is the sum first + rest. Its digits are printed by:
 * python3 -c "from mpmath import *; mp.prec = 300; print(tanh(mpf(1)/128))"
 */
const first = 0.007812341058161014
const rest = 6.570221056747088e-20

/**
 * tanh(i/128) for i = -2440 .. 2440, at index i + 2440. The entry for 0 is -0, so that -0 + x is x for every x. All
 * entries are rounded correctly, as fixtures/tanhTable.py shows. By the addition theorem, the entry that follows T is
 * (T + t)/(1 + T t) with t = tanh(1/128). To compute it, every number is carried as a sum of two doubles (Dekker,
 * Numer. Math. 18, 1971).
 */
export const tanhTable: Float64Array = build()

function build(): Float64Array {
  const table = new Float64Array(2 * steps + 1)
  let [high, low] = [first, rest]
  for (let i = 1; i <= steps; i++) {
    table[steps + i] = high
    table[steps - i] = -high
    const sum = high + first
    const sumRest = first - (sum - high) + (low + rest)
    const product = high * first
    const one = 1 + product
    const oneRest = product - (one - 1) + (lostIn(high, first, product) + (high * rest + low * first))
    const quotient = sum / one
    const back = quotient * one
    const correction = (sum - back - lostIn(quotient, one, back) + (sumRest - quotient * oneRest)) / one
    high = quotient + correction
    low = correction - (high - quotient)
  }
  table[steps] = -0
  return table
}

/** The rounding error `a * b - product`, computed exactly by splitting each factor into two halves (Veltkamp). */
function lostIn(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a)
  const bHigh = upperHalf(b)
  const [aLow, bLow] = [a - aHigh, b - bHigh]
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow
}

function upperHalf(a: number): number {
  const scaled = 134217729 * a
  return scaled - (scaled - a)
}
