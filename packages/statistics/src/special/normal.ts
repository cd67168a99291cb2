import { elementary } from '@driftfarm/formula'

const { exp, log } = elementary

const central = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
] as const
const middle = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
] as const
const far = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
] as const

function fraction([above, below]: readonly [readonly number[], readonly number[]], r: number): number {
  return above.reduceRight((sum, c) => sum * r + c, 0) / below.reduceRight((sum, c) => sum * r + c, 0)
}

/** z with Phi(z) = p, 0 < p < 1; relative error 1e-16 (Wichura, 1988, AS 241, PPND16). */
export function normalQuantile(p: number): number {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * fraction(central, 0.180625 - q * q)
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p))
  const z = r <= 5 ? fraction(middle, r - 1.6) : fraction(far, r - 5)
  return q < 0 ? -z : z
}

const tailCentral = [
  [18154.98125334356, 1067.6894854603709, 161.02823106855587, 2.2352520354606837, 0.06568233791820745],
  [45507.78933502673, 10260.932208618979, 976.0985517377767, 47.20258190468824, 1],
] as const
const tailMiddle = [
  [
    9842.714838383978, 11602.65143764735, 6848.190450536283, 2494.5375852903726, 597.2702763948002, 93.50665613217785,
    8.883149794388377, 0.39894151208813466, 1.0765576773720192e-8,
  ],
  [
    19685.429676859992, 38912.00328609327, 34900.95272114598, 18615.571640885097, 6485.558298266761, 1519.3775994075547,
    235.387901782625, 22.266688044328117, 1,
  ],
] as const
/** Number of levels of the continued fraction, enough for every z beyond the range of the rational functions. */
const levels = 50
const density = 0.3989422804014327

/**
 * P(Z > z) of a standard normal Z, with a relative error of a few units in the last place down to the smallest double.
 * Up to z = 4 sqrt 2, it uses the rational functions of Cody (1969).
 */
export function normalTail(z: number): number {
  const y = Math.abs(z)
  if (y <= 0.67448975) return 0.5 - z * fraction(tailCentral, y * y)
  // The exponent -y^2 / 2 is split into two parts, because rounding y^2 would cost digits of the exponential.
  const head = Math.trunc(y * 16) / 16
  const tail = y > 39 ? 0 : exp(-head * head * 0.5) * exp(-(y - head) * (y + head) * 0.5) * ratio(y)
  return z > 0 ? tail : 1 - tail
}

/** Mills' ratio times 1 / sqrt(2 pi). */
function ratio(y: number): number {
  if (y <= 5.656854249492381) return fraction(tailMiddle, y)
  // Laplace's continued fraction (DLMF 7.9.3).
  let below = y
  for (let k = levels; k > 0; k--) below = y + k / below
  return density / below
}
