import type { FormulaLandscape, Law } from '@driftfarm/spec'
import { beforeAll, describe, expect, it } from 'vitest'
import { cellOf, constant, indexed } from '../agreement/cells.fixture.ts'
import { kernelOf } from '../index.ts'

/**
 * Chance that one of these checks fails though all is right. The seeds are fixed: it does not change from run to run.
 */
const falseAlarm = 1e-6
/** P(sqrt(n) sup |F_n - F| > x) <= 2 exp(-2 x^2): exceeded with that chance. */
const kolmogorovLimit = Math.sqrt(Math.log(2 / falseAlarm) / 2)
const full = process.env.DRIFTFARM_TEST_TIER === 'full'
/** A scale that is off by 5 % is seen, in the slow tier by 2 %: by the root of the number of trials. */
const trials = full ? 2_000_000 : 400_000
const seenScale = full ? 1.02 : 1.05

/** What is looked at of a draw in three dimensions: a x1 + b x3 + c min(|x1|, |x2| + far). */
const statistics = {
  'x[1]': { a: 1 },
  'x[3]': { b: 1 },
  slanted: { a: 0.6, b: -0.8 },
  'abs(x[1])': { c: 1, far: Number.MAX_VALUE },
  'min(abs(x[1]), abs(x[2]))': { c: 1 },
} as const
const looked = (statistic: keyof typeof statistics) =>
  indexed(
    3,
    'a*x[1] + b*x[3] + c*min(abs(x[1]), abs(x[2]) + far)',
    Object.entries({ a: 0, b: 0, c: 0, far: 0, ...statistics[statistic] }),
  )
const maxEdges = 33

/** Counts of the statistic in the intervals (-inf, edges[0]), [edges[0], edges[1]), ...; one step of theta' = xi. */
async function countsOf(
  law: Law,
  isotropic: boolean,
  statistic: keyof typeof statistics | FormulaLandscape,
  edges: readonly number[],
  { scale = 1, n = trials } = {},
): Promise<number[]> {
  const landscape = typeof statistic === 'string' ? looked(statistic) : statistic
  // All numbers are parameters, and there are always as many: a law is compiled once. Nothing is between the last edge
  // and itself.
  const filled = Array.from({ length: maxEdges }, (_, at) => edges[Math.min(at, edges.length - 1)]!)
  const parameters = [...landscape.parameters, ...filled.map((edge, at) => [`edge${at}`, edge] as const)]
  const cell = cellOf({
    landscape: { ...landscape, parameters },
    start: new Array<number>(landscape.dimension).fill(0),
    update: {
      eta: constant(0),
      drift: [{ form: 'additive', scale: 'step', law, isotropic, amount: constant(scale), when: null, every: 1 }],
    },
    trial: {
      steps: 1,
      divergence: Number.MAX_VALUE,
      classify: filled.map((_, at) => [`below ${at}`, `loss < edge${at}`]),
    },
  })
  const kernel = await kernelOf(cell)
  const { classes } = kernel.run(0, n, { keep: false, horizons: [] }).tally
  return [...classes.slice(0, edges.length), classes[maxEdges]!]
}

/** sqrt(n) sup |F_n - F| over the edges. */
function kolmogorov(counts: readonly number[], edges: readonly number[], cdf: (x: number) => number): number {
  let below = 0
  return Math.max(
    ...edges.map((edge, index) => {
      below += counts[index]!
      return Math.abs(below / trials - cdf(edge)) * Math.sqrt(trials)
    }),
  )
}

/** Denser near zero. */
const edgesTo = (most: number) => {
  const half = Array.from({ length: 16 }, (_, i) => Number((most * ((i + 1) / 16) ** 2).toPrecision(4)))
  return [...half.map((x) => -x).reverse(), 0, ...half]
}

/** Simpson's rule. */
function integral(f: (x: number) => number, from: number, to: number, panels = 4000): number {
  const h = (to - from) / panels
  let total = f(from) + f(to)
  for (let i = 1; i < panels; i++) total += f(from + i * h) * (i % 2 === 1 ? 4 : 2)
  return (total * h) / 3
}

/** From P(0 < X < x); each value is computed once. */
const fromHalf = (half: (x: number) => number) => {
  const known = new Map<number, number>()
  return (x: number) => {
    const size = Math.abs(x)
    const value = known.get(size) ?? half(size)
    known.set(size, value)
    return 0.5 + Math.sign(x) * value
  }
}
const laplace = fromHalf((x) => (1 - Math.exp(-Math.SQRT2 * x)) / 2)
const cauchy = (x: number) => 0.5 + Math.atan(x) / Math.PI
/** The density is proportional to (1 + x^2/nu)^(-(nu + 1)/2), cos(a)^(nu - 1) in x = sqrt(nu) tan(a). */
const student = (nu: number) => {
  // From a to pi/2, by pi/2 - a = b = s^(1/nu): the end is singular for nu < 1.
  const density = (b: number) => (b === 0 ? 1 : (Math.sin(b) / b) ** (nu - 1))
  const beyond = (a: number) => integral((s) => density(s ** (1 / nu)), 0, (Math.PI / 2 - a) ** nu, 20_000)
  const whole = beyond(0)
  return fromHalf((x) => 0.5 - beyond(Math.atan(x / Math.sqrt(nu))) / whole / 2)
}
/** Inversion of exp(-|t|^alpha): the integral of sin(x t)/t exp(-t^alpha), in u = t^alpha where that is smoother. */
const stable = (alpha: number) =>
  fromHalf((x) => {
    const power = Math.min(alpha, 1)
    const f = (u: number) => {
      const t = u ** (1 / power)
      return u === 0 ? (power === 1 ? x : 0) : (Math.sin(x * t) * Math.exp(-(t ** alpha))) / u
    }
    return integral(f, 0, 40, 60_000) / power / Math.PI
  })
const [student35, student07] = [student(3.5), student(0.7)]
const [stable15, stable08] = [stable(1.5), stable(0.8)]
const uniform = (x: number) => Math.min(1, Math.max(0, 0.5 + x / (2 * Math.sqrt(3))))
/** A coordinate of the ball of radius sqrt 5 in three dimensions. */
const ball3 = fromHalf((x) => {
  const t = Math.min(1, x / Math.sqrt(5))
  return (3 * t - t ** 3) / 4
})

const laws: readonly (readonly [string, Law, isotropic: boolean, cdf: (x: number) => number, most: number])[] = [
  ['laplace', { kind: 'laplace' }, false, laplace, 5],
  ['cauchy', { kind: 'cauchy' }, false, cauchy, 30],
  ['student, nu 3.5', { kind: 'student', nu: 3.5 }, false, student35, 8],
  ['student, nu 0.7', { kind: 'student', nu: 0.7 }, false, student07, 60],
  ['stable, alpha 1.5', { kind: 'stable', alpha: 1.5 }, false, stable15, 12],
  ['stable, alpha 0.8', { kind: 'stable', alpha: 0.8 }, false, stable08, 20],
  ['stable, alpha 1', { kind: 'stable', alpha: 1 }, false, cauchy, 30],
  ['isotropic laplace', { kind: 'laplace' }, true, laplace, 5],
  ['isotropic cauchy', { kind: 'cauchy' }, true, cauchy, 30],
  ['isotropic student, nu 3.5', { kind: 'student', nu: 3.5 }, true, student35, 8],
  ['isotropic student, nu 0.7', { kind: 'student', nu: 0.7 }, true, student07, 60],
  ['isotropic stable, alpha 1.5', { kind: 'stable', alpha: 1.5 }, true, stable15, 12],
  ['isotropic stable, alpha 0.8', { kind: 'stable', alpha: 0.8 }, true, stable08, 20],
  ['sphere in three dimensions', { kind: 'sphere' }, false, uniform, 1.7],
  ['isotropic rademacher in three dimensions', { kind: 'rademacher' }, true, uniform, 1.7],
  ['ball in three dimensions', { kind: 'ball' }, false, ball3, 2.2],
  ['isotropic uniform in three dimensions', { kind: 'uniform' }, true, ball3, 2.2],
]

describe('each coordinate has the law', () => {
  // The fast tier takes every other one.
  it.each(laws.filter((_, i) => full || i % 2 === 0))('%s', async (_, law, isotropic, cdf, most) => {
    const edges = edgesTo(most)
    const counts = await countsOf(law, isotropic, 'x[3]', edges)
    expect(kolmogorov(counts, edges, cdf)).toBeLessThan(kolmogorovLimit)
  })

  const distinct = laws.filter(([name]) => !/alpha 1$|rademacher|uniform/.test(name))
  // The fast tier sees it of an eighth of them.
  const seen = distinct.filter((_, i) => full || i % 8 === 0)
  it.each(seen)(`${full ? 2 : 5} per cent too much is seen: %s`, async (_, law, isotropic, cdf, most) => {
    const edges = edgesTo(most)
    const counts = await countsOf(law, isotropic, 'x[1]', edges, { scale: seenScale })
    expect(kolmogorov(counts, edges, cdf)).toBeGreaterThan(kolmogorovLimit)
  })

  it.each([
    ['ball is uniform', { kind: 'ball' }],
    ['isotropic uniform is uniform', { kind: 'uniform' }],
  ] as const)('in one dimension %s', async (_, law) => {
    const edges = edgesTo(1.7)
    const counts = await countsOf(law, true, indexed(1, 'x[1]'), edges)
    expect(kolmogorov(counts, edges, uniform)).toBeLessThan(kolmogorovLimit)
  })

  it('stable with alpha 2 has variance 2', async () => {
    const edges = edgesTo(6)
    const gauss = fromHalf((x) => integral((t) => Math.exp((-t * t) / 4) / Math.sqrt(4 * Math.PI), 0, x))
    for (const isotropic of [false, true]) {
      const counts = await countsOf({ kind: 'stable', alpha: 2 }, isotropic, 'x[3]', edges)
      expect(kolmogorov(counts, edges, gauss)).toBeLessThan(kolmogorovLimit)
    }
  })
})

describe('isotropic laws look the same from all sides', () => {
  const mixtures = laws.filter(([name]) => name.startsWith('isotropic') && !name.includes('three'))

  it.each(mixtures)('%s', async (_, law, isotropic, cdf, most) => {
    const edges = edgesTo(most)
    expect(kolmogorov(await countsOf(law, isotropic, 'slanted', edges), edges, cdf)).toBeLessThan(kolmogorovLimit)
  })

  it.each(mixtures)('independent coordinates do not: %s', async (_, law, __, cdf, most) => {
    const edges = edgesTo(most)
    expect(kolmogorov(await countsOf(law, false, 'slanted', edges), edges, cdf)).toBeGreaterThan(kolmogorovLimit)
  })
})

describe('coordinates are independent or not', () => {
  /** Standard deviations from n/4 of the trials in which both magnitudes exceed the median, which is where F is 3/4. */
  async function excess(law: Law, isotropic: boolean, median: number): Promise<number> {
    const counts = await countsOf(law, isotropic, 'min(abs(x[1]), abs(x[2]))', [median])
    return (trials - counts[0]! - trials / 4) / Math.sqrt((trials * 3) / 16)
  }
  /** Normal quantile of the false alarm rate, both sides. */
  const limit = 4.9

  it.each([
    ['laplace', { kind: 'laplace' }, Math.LN2 / Math.SQRT2],
    ['cauchy', { kind: 'cauchy' }, 1],
    ['student', { kind: 'student', nu: 1 }, 1],
    ['stable', { kind: 'stable', alpha: 1 }, 1],
  ] as const)('%s', async (_, law, median) => {
    expect(Math.abs(await excess(law, false, median))).toBeLessThan(limit)
    expect(await excess(law, true, median)).toBeGreaterThan(limit)
  })
})

describe('radii', () => {
  let inside: number[] = []
  beforeAll(async () => {
    inside = await countsOf({ kind: 'ball' }, false, indexed(5, 'sum(i, 1, 5, x[i]^2)/7'), [0, 0.25, 1, 1 + 1e-14])
  })

  it('the sphere has radius sqrt d to rounding', async () => {
    const square = indexed(10, 'sum(i, 1, 10, x[i]^2)/10')
    const counts = await countsOf({ kind: 'sphere' }, false, square, [1 - 1e-14, 1 + 1e-14])
    expect(counts).toEqual([0, trials, 0])
  })

  it('the ball is filled evenly', () => {
    expect(inside[0]).toBe(0)
    expect(inside[4]).toBe(0)
    // Half the radius: 2^-5 of the volume; 4.9 standard deviations.
    const p = 2 ** -5
    expect(Math.abs(inside[1]! - trials * p)).toBeLessThan(4.9 * Math.sqrt(trials * p * (1 - p)))
  })
})

if (full)
  describe('tails', () => {
    const n = 2_000_000
    /** Poisson, both sides, by the normal quantile of the false alarm rate; the expected numbers are above 100. */
    const near = (count: number, expected: number) =>
      expect(Math.abs(count - expected)).toBeLessThan(4.9 * Math.sqrt(expected) + 8)

    it.each([false, true])('cauchy beyond 1000 and 10,000, isotropic: %s', async (isotropic) => {
      const [, far, farther] = await countsOf({ kind: 'cauchy' }, isotropic, 'abs(x[1])', [1e3, 1e4], { n })
      near(far! + farther!, (n * 2 * Math.atan(1e-3)) / Math.PI)
      near(farther!, (n * 2 * Math.atan(1e-4)) / Math.PI)
    })

    // P(|X| > x) = (2/pi) Gamma(alpha) sin(pi alpha/2) x^-alpha (1 + O(x^-alpha)).
    it.each([
      [1.5, 0.886226925452758, 100],
      [0.5, 1.772453850905516, 1e6],
    ])('stable, alpha %f', async (alpha, gamma, x) => {
      for (const isotropic of [false, true]) {
        const [, far] = await countsOf({ kind: 'stable', alpha }, isotropic, 'abs(x[1])', [x], { n })
        near(far!, (n * 2 * gamma * Math.sin((Math.PI * alpha) / 2) * x ** -alpha) / Math.PI)
      }
    })
  })
