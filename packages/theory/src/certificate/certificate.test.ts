import { parseSweep } from '@driftfarm/spec'
import { describe, expect, it, test } from 'vitest'
import { additiveChain } from '../chain.ts'
import { derivativesOf } from '../interval/derivatives.ts'
import { oracle } from '../oracle/oracle.ts'
import { type NotApplicable, unlessRefused } from '../refusal.ts'
import type { Certificate } from '../shapes/index.ts'
import { certificateOf } from './certificate.ts'
import { annealed, banana, cauchy, disc, doubleWell, interval, network, threeHole } from './firstExits.fixture.ts'

const isFull = process.env.DRIFTFARM_TEST_TIER === 'full'

interface Asked {
  readonly variables?: readonly string[]
  readonly loss: string
  readonly start: readonly number[]
  readonly minimum?: readonly number[]
  readonly eta: unknown
  readonly sigma?: unknown
  readonly drift?: object
  readonly steps: number
  readonly escape: unknown
  readonly trial?: object
}

function cellOf({ variables = ['x'], loss, start, eta, sigma, drift, steps, escape, trial }: Asked) {
  const spec = {
    version: 1,
    name: 'one',
    landscape: { formula: { variables, expression: loss } },
    start,
    update: { rule: 'gradient', eta, drift: { form: 'additive', law: 'gaussian', sigma, ...drift } },
    trial: { steps, escape, ...trial },
    trials: 1,
  }
  return parseSweep(JSON.stringify(spec), { fileName: 'one' }).cell(0)
}

function ask(question: Asked): Certificate | NotApplicable {
  const { cell, tables } = cellOf(question)
  const derivatives = cell.landscape.kind === 'formula' ? derivativesOf(cell.landscape, tables) : null
  return certificateOf(
    {
      cell,
      tables,
      chain: unlessRefused(() => additiveChain(cell, tables)),
      derivatives,
      start: question.start,
      minimum: question.minimum ?? null,
    },
    null,
  )
}

function certified(question: Asked): Certificate {
  const found = ask(question)
  if ('reason' in found) throw new Error(found.reason)
  return found
}

const well = { loss: '(x^2-1)^2/4', start: [-1], escape: 'x >= 0' } as const
const line = { loss: 'x^2/2', escape: 'abs(x) >= 1' } as const
/** One row in 28 of a table, all of them in the full tier. */
const some = <T>(rows: readonly T[]): readonly T[] => (isFull ? rows : rows.filter((_, i) => i % 28 === 7))

/** No bound is below the exact value, and none is twice as large where the value can be resolved. */
function isNear(escape: number, exact: number): void {
  expect(escape).toBeGreaterThanOrEqual(Math.min(1, exact * (1 - 1e-11)))
  if (exact >= 1e-12) expect(escape).toBeLessThan(2 * exact)
}

describe('first exits on a line are bounded by less than twice their probability', () => {
  test.each(some(doubleWell))('double well: eta %d, sigma %d, N %d', (eta, sigma, steps, exact) => {
    isNear(certified({ ...well, eta, sigma, steps }).escape, exact)
  })

  test.each(isFull ? interval : interval.slice(5, 6))(
    'x^2/2: eta %d, sigma %d, from %d, N %d',
    (eta, sigma, x, steps, exact) => {
      isNear(certified({ ...line, start: [x], eta, sigma, steps }).escape, exact)
    },
  )

  test.each(isFull ? cauchy : cauchy.slice(4, 5))('Cauchy: rho %d, s %d, N %d', (rho, s, steps, exact) => {
    const question = { ...line, start: [0], eta: 1 - rho, drift: { law: 'cauchy' }, sigma: s / (1 - rho), steps }
    isNear(certified(question).escape, exact)
  })

  test.each(isFull ? network : [])('network: eta %d, sigma %d, N %d', (eta, sigma, steps, exact) => {
    const loss = '((tanh(3*w)+0.9)^2+(tanh(0.5*w)-0.9)^2+(tanh(0.4*w)-0.8)^2)/6+0.005*w^2'
    const minimum = Number('1.99584875287745391')
    const saddle = '0.642667249722139555'
    const place = { variables: ['w'], start: [minimum], escape: `w <= ${saddle}` }
    isNear(certified({ loss, ...place, eta, sigma, steps }).escape, exact)
  })

  test.each(isFull ? annealed : [])('schedules: eta %j, sigma %j', (eta, sigma, exact) => {
    isNear(certified({ ...well, eta, sigma, steps: 60 }).escape, exact)
  })

  test.each(isFull ? (['uniform', 'laplace', 'gaussian'] as const) : (['uniform'] as const))(
    'the oracle agrees for %s drift',
    (law) => {
      const question = { ...well, eta: 0.1, sigma: 1.5, drift: { law }, steps: 20 }
      const { cell, tables } = cellOf(question)
      const exact = oracle(cell, tables)
      if ('reason' in exact) throw new Error(exact.reason)
      isNear(certified(question).escape, exact.answers.find(({ name }) => name === 'escape')!.value)
    },
  )

  if (isFull)
    it('takes leaving a basin for crossing its edge', () => {
      const question = { ...well, eta: 0.1, sigma: 1.5, steps: 4 }
      const { escape } = certified(question)
      const basin = certified({ ...question, escape: { basin: true }, minimum: [-1] }).escape
      expect(Math.abs(basin / escape - 1)).toBeLessThan(1e-6)
      // Looked at more seldom trials escape less often; the bound is that of every step.
      expect(certified({ ...question, escape: { basin: true, every: 3 }, minimum: [-1] }).escape).toBe(basin)
      // Long descents overshoot the minimum and end there as well; from beyond -sqrt(8/3) they lead across the well.
      const long = certified({ ...question, escape: { basin: true, eta: 0.6 }, minimum: [-1] }).escape
      const both = certified({ ...question, escape: 'x >= 0 || x <= -1.632993161855452' }).escape
      expect(Math.abs(long / both - 1)).toBeLessThan(1e-5)
      expect(
        (ask({ ...question, escape: { basin: true }, start: [0.2], minimum: [-1] }) as NotApplicable).reason,
      ).toMatch('start')
      const flat = { ...question, loss: 'x^4', start: [0], minimum: [0], escape: { basin: true } }
      expect((ask(flat) as NotApplicable).reason).toMatch('no interval around the minimum could be proven')
    })

  if (isFull)
    it('ends trials that have converged', () => {
      // Published: 2.2758e-5 from -0.5 before |x + 1| <= 0.1.
      const converge = { within: 0.1, of: [-1] }
      const question = { ...well, start: [-0.5], eta: 0.1, sigma: 0.5, steps: 1000, trial: { converge } }
      isNear(certified(question).escape, 2.27580797159037e-5)
    })
})

describe('first exits in a plane', () => {
  test.each(isFull ? disc : disc.filter(([eta, sigma, _, steps]) => eta === 0.5 && sigma === 0.5 && steps === 100))(
    'unit disc: eta %d, sigma %d, from %d, N %d',
    (eta, sigma, x, steps, exact) => {
      const { escape } = certified({
        variables: ['x', 'y'],
        loss: '(x^2+y^2)/2',
        start: [x, 0],
        escape: 'x^2+y^2 >= 1',
        eta,
        sigma,
        steps,
      })
      expect(escape).toBeGreaterThanOrEqual(exact)
    },
  )

  test.each(isFull ? banana : [])('banana: eta %d, sigma %d, N %d', (eta, sigma, steps, exact) => {
    const loss = '(x^2-1)^2/4+(y-x^2)^2/2'
    const { escape } = certified({ variables: ['x', 'y'], loss, start: [-1, 1], escape: 'x >= 0', eta, sigma, steps })
    expect(escape).toBeGreaterThanOrEqual(exact)
    if (steps === 100) expect(escape).toBeLessThan(6 * exact)
  })

  test.each(isFull ? threeHole : [])('three holes: beta %d, N %d', (beta, steps, exact) => {
    const loss =
      '3*exp(-x^2-(y-1/3)^2)-3*exp(-x^2-(y-5/3)^2)-5*exp(-(x-1)^2-y^2)-5*exp(-(x+1)^2-y^2)+0.2*x^4+0.2*(y-1/3)^4'
    const start = [-1.0480549928242195, -0.042093666306677824]
    // T = eta sigma^2 / 2.
    const question = { variables: ['x', 'y'], loss, start, escape: 'x >= 0', eta: 0.05, steps }
    const { escape } = certified({ ...question, sigma: Math.sqrt(2 / (0.05 * beta)) })
    expect(escape).toBeGreaterThanOrEqual(exact)
    expect(escape).toBeLessThan(1)
  })

  if (isFull)
    it('a separable sum is the chain of the block that escapes', () => {
      const one = certified({ ...well, eta: 0.1, sigma: 0.7, steps: 3 })
      const sum = { variables: ['x', 'y', 'z'], loss: '(x^2-1)^2/4 + y^2*z^2 + z^2', start: [-1, 0, 0] }
      const whole = certified({ ...sum, escape: 'x >= 0', eta: 0.1, sigma: 0.7, steps: 3 })
      expect(whole).toEqual({ ...one, among: [0] })
      const both = { ...sum, loss: '(x^2-1)^2/4 + y^2 + (z^2-1)^2/4', start: [-1, 0, -1] }
      const two = certified({ ...both, escape: 'x >= 0 || z >= 0', eta: 0.1, sigma: 0.7, steps: 3 })
      expect(two.among).toEqual([0, 2])
      expect(two.escape).toBeCloseTo(2 * one.escape, 15)
      expect(ask({ ...both, escape: 'x + z >= 0', eta: 0.1, sigma: 0.7, steps: 100 })).toHaveProperty('reason')
    })
})

describe('corners in which a certificate was once false', () => {
  if (isFull)
    it('coordinates that only a condition joins are one block', () => {
      // relu(x - y) has no mixed second derivative. y falls below x in four steps, and from then on x falls to -2.
      const loss = 'x^2/2 + (y+10)^2/2 + 2*relu(x-y)'
      const question = {
        variables: ['x', 'y'],
        loss,
        start: [0, 5],
        eta: 0.1,
        sigma: 0.2,
        steps: 100,
        escape: 'x <= -1',
      }
      const found = ask(question)
      expect('reason' in found ? 1 : found.escape).toBeGreaterThan(0.99)
    })

  it('from a start at which the step is not bounded nothing is said', () => {
    // L' = 1.7 x^0.7 - 1 is -1 at 0, but of 0^0.7 intervals know nothing. P(0.1 + 2 xi >= 2) = 0.17.
    const question = { loss: 'x^1.7 - x', start: [0], eta: 0.1, sigma: 20, steps: 1, escape: 'x >= 2' }
    const found = ask(question)
    expect('reason' in found ? 1 : found.escape).toBeGreaterThan(0.17)
  })

  it('a condition on what is no number is not decided', () => {
    // Where x < -0.4 the root is NaN, which is not below 5: trials escape. P(0.1 xi <= -0.4) = 3.2e-5.
    const question = { loss: 'x^2/2', start: [0], eta: 1, sigma: 0.1, steps: 1, escape: '!(sqrt(x + 0.4) < 5)' }
    const found = ask(question)
    expect('reason' in found ? 1 : found.escape).toBeGreaterThan(3.167e-5)
  })

  it('a basin ends where descent ends early', () => {
    const question = { ...well, eta: 0.1, sigma: 1.5, steps: 4, minimum: [-1] }
    const early = certified({ ...question, escape: { basin: true, gradient: 0.1 } }).escape
    const at = certified({ ...question, escape: 'x >= -0.101' }).escape
    expect(early / at).toBeCloseTo(1, 3)
  })

  if (isFull)
    it('student drift of many degrees of freedom is nearly normal', () => {
      const question = { ...well, eta: 0.1, sigma: 1, steps: 20 }
      const normal = certified(question).escape
      const student = (nu: number) => certified({ ...question, drift: { law: { student: { nu } } } }).escape
      // Its tails are longer by about z^4 / 4 nu.
      expect(student(1e6) / normal - 1).toBeGreaterThan(0)
      expect(student(1e6) / normal - 1).toBeLessThan(1e-3)
      // Fewer than one is an answer as well.
      const long = { ...line, start: [0], eta: 0.1, sigma: 1, steps: 1, drift: { law: { student: { nu: 0.7 } } } }
      expect(certified(long).escape).toBeLessThan(0.5)
    })
})

describe('extremes', () => {
  const usual = { ...well, eta: 0.1, sigma: 0.5 }

  it('nothing escapes where no step is long enough', () => {
    // Bounded drift from x^2/2: |x| <= sqrt(3) sigma for ever.
    const still = { ...line, start: [0], eta: 0.1, sigma: 0.3, drift: { law: 'uniform' }, steps: 1_000_000 }
    expect(certified(still).escape).toBeLessThan(1e-200)
  })

  it('one step is one tail', () => {
    const { escape } = certified({ ...line, start: [0], eta: 0.1, sigma: 2, steps: 1 })
    // P(|0.2 xi| >= 1), Q(5) = 2.866515718791939e-7.
    expect(escape / (2 * 2.866515718791939e-7)).toBeCloseTo(1, 8)
    expect(escape).toBeGreaterThan(2 * 2.866515718791939e-7)
  })

  if (isFull)
    it('grows with the horizon, and is 1 in the end', () => {
      const at = (steps: number) => certified({ ...usual, sigma: 1.5, steps }).escape
      const horizons = [1, 1000, 1_000_000_000_000]
      const bounds = horizons.map(at)
      expect(bounds.toSorted((a, b) => a - b)).toEqual(bounds)
      expect(bounds.at(-1)).toBe(1)
    })

  it('from the escape set itself', () => {
    // Trials are asked from the first step on: from 0.5 most stay beyond.
    expect(certified({ ...usual, start: [0.5], steps: 1 }).escape).toBeGreaterThan(0.99)
  })

  it('says why there is none', () => {
    const reason = (more: object) => (ask({ ...usual, steps: 100, ...more }) as NotApplicable).reason
    expect(reason({ drift: { law: 'rademacher' } })).toMatch('no density')
    expect(reason({ drift: { law: { stable: { alpha: 1.5 } } } })).toMatch('could not be bounded')
    expect(reason({ escape: { basin: true } })).toMatch('no interval around the minimum could be proven')
    expect(reason({ sigma: 0 })).toMatch('no drift')
    expect(reason({ escape: 'x >= 0 && step > 3' })).toMatch('step')
  })
})

describe('the certificate in closed form', () => {
  it('is what a probe found: 1.8e-5 to 2e-5 with beta T near 0.88', () => {
    const { explicit } = certified({ ...well, eta: 0.1, sigma: 0.5, steps: 1000 })
    expect(explicit!.betaT).toBeGreaterThan(0.8)
    expect(explicit!.betaT).toBeLessThan(0.95)
    expect(explicit!.escape).toBeGreaterThan(7.71631368879161e-8)
    expect(explicit!.escape).toBeLessThan(2.1e-5)
    expect(explicit!.level).toBeCloseTo(0.25, 6)
  })
})
