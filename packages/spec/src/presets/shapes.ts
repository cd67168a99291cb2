import { constants, elementary } from '@driftfarm/formula'

export interface ShapeOptions {
  /** Number of samples in both classes. The classes alternate, so their counts differ by at most one. */
  readonly samples: number
  /** Standard deviation of the normal noise added to each coordinate. */
  readonly noise: number
  readonly seed: bigint
}

const pi = constants.get('pi')!

/** The position, without noise, of sample `k` (from 0) in a class of `count` samples. */
type Curve = (label: 0 | 1, k: number, count: number) => readonly [x: number, y: number]

/** Class 0 lies on the unit circle, class 1 on the circle of radius 1/2. */
const circle: Curve = (label, k, count) => at(label === 0 ? 1 : 0.5, (2 * pi * k) / count)

/** Class 0 lies on the upper half of the unit circle, class 1 on the lower half, shifted by (1, 1/2). */
const moon: Curve = (label, k, count) => {
  const [x, y] = at(1, (pi * k) / Math.max(1, count - 1))
  return label === 0 ? [x, y] : [1 - x, 0.5 - y]
}

/** The radius grows to 1 in one and a half turns. Class 1 is class 0 rotated by half a turn. */
const spiral: Curve = (label, k, count) => {
  const share = (k + 1) / count
  return at(share, 3 * pi * share + pi * label)
}

function at(radius: number, angle: number): readonly [number, number] {
  return [radius * elementary.cos(angle), radius * elementary.sin(angle)]
}

function samplesOf(curve: Curve, { samples, noise, seed }: ShapeOptions): number[][] {
  const normal = normals(seed)
  return Array.from({ length: samples }, (_, i) => {
    const label = i % 2 === 0 ? 0 : 1
    const count = label === 0 ? Math.ceil(samples / 2) : Math.floor(samples / 2)
    const [x, y] = curve(label, Math.floor(i / 2), count)
    return noise === 0 ? [x, y, label] : [x + noise * normal(), y + noise * normal(), label]
  })
}

/** Samples [x, y, class]; the two classes alternate. */
export const shapes = {
  circles: (options: ShapeOptions) => samplesOf(circle, options),
  moons: (options: ShapeOptions) => samplesOf(moon, options),
  spirals: (options: ShapeOptions) => samplesOf(spiral, options),
}

const mask = (1n << 64n) - 1n

/**
 * SplitMix64 (Steele, Lea, Flood 2014), so that generated data sets are the same on every machine. BigInt is slow, but
 * a data set needs few numbers.
 */
export function* randomWords(seed: bigint): Generator<bigint, never> {
  for (let state = seed; ; ) {
    state = (state + 0x9e3779b97f4a7c15n) & mask
    let z = state
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask
    yield z ^ (z >> 31n)
  }
}

/** Standard normal numbers by the Box-Muller method, which uses two words for each number. */
function normals(seed: bigint): () => number {
  const stream = randomWords(seed)
  const uniform = () => Number(stream.next().value >> 11n) * 2 ** -53
  return () => {
    const radius = elementary.sqrt(-2 * elementary.log(1 - uniform()))
    return radius * elementary.cos(2 * pi * uniform())
  }
}
