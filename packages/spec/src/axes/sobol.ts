import { type Direction, directions } from './joeKuo.table.ts'

/** A coordinate has 30 bits, so the sequence has 2^30 points. */
const bits = 30

/** The largest number of dimensions. */
export const sobolDimensions = directions.length + 1

/**
 * Coordinate `dimension` (from 0) of the Sobol sequence, in the order of Antonov and Saleev, starting with the point 0.
 * The coordinates are exact and satisfy 0 <= coordinate < 1. If the interval from 0 to 1 is divided into 2^k equal
 * parts, each part contains exactly one of the first 2^k coordinates.
 *
 *     [0, 1, 2, 3].map(sobolCoordinate(0)) // [0, 0.5, 0.75, 0.25]
 */
export function sobolCoordinate(dimension: number): (index: number) => number {
  const numbers = directionNumbers(dimension === 0 ? null : directions[dimension - 1]!)
  return (index) => {
    let sum = 0
    for (let gray = (index ^ (index >>> 1)) >>> 0, bit = 0; gray !== 0; gray >>>= 1, bit++)
      if ((gray & 1) === 1) sum ^= numbers[bit]!
    return sum / 2 ** bits
  }
}

/**
 * The direction numbers m_k 2^(bits - k) for k = 1 .. bits, by the recurrence of the polynomial. In the first dimension
 * (null), all m_k are 1.
 */
function directionNumbers(direction: Direction | null): Int32Array {
  const numbers = new Int32Array(bits)
  const { a, initial } = direction ?? { a: 0, initial: [] }
  const degree = initial.length
  for (let k = 0; k < bits; k++) {
    if (direction === null || k < degree) {
      numbers[k] = (initial[k] ?? 1) << (bits - 1 - k)
      continue
    }
    let number = numbers[k - degree]! ^ (numbers[k - degree]! >>> degree)
    for (let i = 1; i < degree; i++) if (((a >>> (degree - 1 - i)) & 1) === 1) number ^= numbers[k - i]!
    numbers[k] = number
  }
  return numbers
}
