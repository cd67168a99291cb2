import { elementary } from '@driftfarm/formula'

const { exp } = elementary

const central = [
  [0.06568233791820745, 2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356],
  [1, 47.20258190468824, 976.0985517377767, 10260.932208618979, 45507.78933502673],
] as const
const middle = [
  [
    1.0765576773720192e-8, 0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002,
    2494.5375852903726, 6848.190450536283, 11602.65143764735, 9842.714838383978,
  ],
  [
    1, 22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097,
    34900.95272114598, 38912.00328609327, 19685.429676859992,
  ],
] as const
/** Number of levels of the continued fraction, enough for every z beyond the range of the rational functions. */
const levels = 50
const density = 0.3989422804014327

function fraction([above, below]: readonly [readonly number[], readonly number[]], r: number): number {
  return above.reduce((sum, c) => sum * r + c, 0) / below.reduce((sum, c) => sum * r + c, 0)
}

/**
 * P(Z > z) of a standard normal Z, with a relative error of a few units in the last place down to the smallest double.
 * Up to z = 4 sqrt 2, it uses the rational functions of Cody (1969).
 */
export function normalTail(z: number): number {
  const y = Math.abs(z)
  if (y <= 0.67448975) return 0.5 - z * fraction(central, y * y)
  // The exponent -y^2 / 2 is split into two parts, because rounding y^2 would cost digits of the exponential.
  const head = Math.trunc(y * 16) / 16
  const tail = y > 39 ? 0 : exp(-head * head * 0.5) * exp(-(y - head) * (y + head) * 0.5) * ratio(y)
  return z > 0 ? tail : 1 - tail
}

/** Mills' ratio times 1 / sqrt(2 pi). */
function ratio(y: number): number {
  if (y <= 5.656854249492381) return fraction(middle, y)
  // Laplace's continued fraction (DLMF 7.9.3).
  let below = y
  for (let k = levels; k > 0; k--) below = y + k / below
  return density / below
}
