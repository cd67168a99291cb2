import { kernelOf } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import type { TheoremAnswer } from '../shapes/index.ts'
import type { TheoremOptions } from './answer.ts'
import { theorem } from './theorem.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const additive = (sigma: number, more: object = {}) => ({ form: 'additive', law: 'gaussian', sigma, ...more })

function cell(more: Readonly<Record<string, unknown>>) {
  const spec = {
    version: 1,
    name: 'one',
    landscape: { preset: 'double-well' },
    start: { minimum: 'left' },
    update: { rule: 'gradient', eta: 0.1, drift: additive(0.3) },
    trial: { steps: 100, escape: { outside: { radius: 0.3, of: 'left' } } },
    trials: 1,
    ...more,
  }
  return parseSweep(JSON.stringify(spec), { fileName: 'one' }).cell(0)
}

function ask(more: Readonly<Record<string, unknown>> = {}, options?: TheoremOptions): Promise<TheoremAnswer> {
  const { cell: one, tables } = cell(more)
  return theorem(one, tables, { certificate: false, ...options })
}

const holds = ({ conditions }: TheoremAnswer) => conditions.map((condition) => condition.holds)

describe('the double well around its minimum', () => {
  it('has the published bounds, with secants bounded by intervals', async () => {
    const answer = await ask()
    expect(answer.minimum).toMatchObject({ point: [-1], name: 'left' })
    expect(answer.set).toMatchObject({ kind: 'ball', radius: 0.3, chosen: 'escape' })
    expect(answer.escape).toMatchObject({ kind: 'ball', ends: 'both' })
    expect(answer.curvature.how).toBe('interval arithmetic')
    expect(holds(answer)).toEqual([true, true, true])
    // Published: 1.489e-4, 9.407e-11, 1.969e-4; exact 8.056e-6.
    expect(answer.bounds!.upper! / 1.4888162618610312e-4).toBeCloseTo(1, 4)
    expect(answer.bounds!.lower! / 9.407363916175724e-11).toBeCloseTo(1, 4)
    expect(answer.bounds!.escape! / 1.969258521139196e-4).toBeCloseTo(1, 4)
    expect(answer.bounds!.upper).toBeGreaterThan(1.4888162618610312e-4)
  })

  // With |xi| <= sqrt 3 a trial stays within 0.1 sigma sqrt 3 / (1 - 0.881), which is 0.15 at sigma 0.1.
  it.each([
    ['uniform', 0.1, /^eta and the drift are constant: no trial comes to rest$/],
    ['laplace', 0.1, /P\(tau < infinity\) = 1$/],
  ])('does not say of %s drift what is known of drift without a bound alone', async (law, sigma, expected) => {
    const { cell: one, tables } = cell({
      update: { rule: 'gradient', eta: 0.1, drift: additive(sigma, { law }) },
    })
    const { forever } = await theorem(one, tables, { certificate: false })
    expect('reason' in forever ? forever.reason : '').toMatch(expected)
    if (law !== 'uniform') return
    const { tally } = (await kernelOf(one, tables)).run(0, 20_000, { keep: false, horizons: [] })
    expect(tally.escaped).toBe(0)
  })

  it('leaves in the end, and says for how long it is safe', async () => {
    const answer = await ask()
    expect(answer.leaves).toBe(true)
    expect(answer.forever).toEqual({ reason: expect.stringMatching(/P\(tau < infinity\) = 1/) })
    const { steps } = answer.horizon!
    const at = async (n: number) =>
      (await ask({ trial: { steps: n, escape: { outside: { radius: 0.3, of: 'left' } } } })).bounds!.stay!
    expect(await at(steps)).toBeGreaterThanOrEqual(0.95)
    expect(await at(steps + 1)).toBeLessThan(0.95)
    // delta / Q of the stationary law is nearly it.
    expect(steps).toBeGreaterThan(10_000)
  })

  it('takes the radius that is asked for, and says what it is about', async () => {
    expect((await ask({}, { radius: 0.2 })).escape.ends).toBe('upper')
    expect((await ask({}, { radius: 0.5 })).escape.ends).toBe('none')
    await expect(ask({}, { radius: -1 })).rejects.toThrow('radius -1')
  })

  it('answers where the escape is decided by a coordinate that the loss does not name', async () => {
    const answer = await ask({
      landscape: { formula: { variables: ['x', 'y'], expression: 'x^2/2' } },
      start: [0, 0],
      trial: { steps: 100, escape: 'y >= 1' },
    })
    expect(answer.escape.kind).toBe('unknown')
    expect(answer.set).toMatchObject({ kind: 'tube', among: [0] })
  })

  it('chooses a radius that does not meet the escape set', async () => {
    const answer = await ask({ trial: { steps: 100, escape: 'x >= 0' } })
    expect(answer.set.chosen).toBe('best')
    expect(answer.set.radius).toBeLessThan(1)
    expect(answer.escape).toMatchObject({ kind: 'misses', ends: 'upper' })
    // A better bound than that of the smaller ball; exact escape is below it.
    expect(answer.bounds!.upper).toBeLessThan(1e-6)
    expect(answer.measure).toMatch(/^escape: \{outside: \{radius: 0\.\d+, of: left\}\}$/)
  })

  it('knows that the ball is in the basin', async () => {
    const answer = await ask({ trial: { steps: 100, escape: { basin: true } } })
    expect(answer.escape).toMatchObject({ kind: 'settles', ends: 'upper' })
  })

  it('keeps the lower end where curvature is negative on average', async () => {
    const answer = await ask({}, { radius: 1.2 })
    expect(holds(answer)[0]).toBe(false)
    expect(answer.bounds).toMatchObject({ stay: null, upper: null, lower: expect.any(Number) })
  })

  it('begins outside', async () => {
    const answer = await ask({ start: [-1.5] })
    expect(answer.start.distance).toBeCloseTo(0.5, 12)
    expect(holds(answer)).toEqual([true, true, false])
    expect(answer.conditions[2]!.text).toContain('outside the radius 0.3')
  })

  it('refuses too large steps', async () => {
    const answer = await ask({ update: { rule: 'gradient', eta: 0.8, drift: additive(0.01) } })
    expect(holds(answer)).toEqual([true, false, true])
    expect(answer.conditions[1]!.numbers.rho).toBeGreaterThan(1)
  })

  it('is sure without drift', async () => {
    const answer = await ask({ update: { rule: 'gradient', eta: 0.1, drift: 'none' }, start: [-0.8] })
    expect(answer.bounds).toMatchObject({ stay: 1, upper: 0, lower: 0 })
    expect(answer.forever).toMatchObject({ stay: 1, escape: 0 })
    expect(answer.leaves).toBe(false)
  })
})

describe('annealed', () => {
  const update = {
    rule: 'gradient',
    eta: { power: { initial: 0.2, offset: 20, exponent: 1 } },
    drift: additive(0.5),
  }

  it('stays for ever and converges, with a proven tail', async () => {
    const trial = { steps: 3, escape: { outside: { radius: 0.3, of: 'left' } } }
    const answer = await ask({ update, trial }, { distances: [0, 0.05, 0.4] })
    const { forever } = answer
    if ('reason' in forever) throw new Error(forever.reason)
    expect(forever.escape).toBeGreaterThan(answer.bounds!.escape!)
    expect(forever.escape).toBeLessThan(0.9)
    const { atZero, half, measured } = forever.restart
    expect(atZero).toBeGreaterThan(forever.stay)
    expect(half).toBeGreaterThan(0.1)
    expect(half).toBeLessThan(0.29)
    expect(measured!.rows).toBe(3)
    expect(measured!.value).toBeLessThan(2 / 3)
    expect(measured!.value).toBeGreaterThan(0.3)
    expect(answer.leaves).toBe(false)
  })
})

describe('drift that vanishes', () => {
  const quadratic = { landscape: { preset: 'quadratic' }, start: [0.5] }
  it("has Theorem 1'", async () => {
    const drift = { form: 'multiplicative', law: 'gaussian', sigma: 3 }
    const trial = { steps: 100, escape: { outside: { radius: 1, of: 'origin' } } }
    const answer = await ask({ ...quadratic, trial, update: { rule: 'gradient', eta: 0.1, drift } })
    expect(answer.statement).toBe('vanishing')
    expect(answer.vanishing!.alpha).toBeCloseTo(3.241303736928383, 9)
    // Published: 0.105748; exact 0.0676.
    expect(answer.vanishing!.escape).toBeCloseTo(0.10574755873289791, 9)
  })
})

describe('a valley', () => {
  const landscape = { formula: { variables: ['x', 'y'], expression: 'h*x^2/2', parameters: { h: 2 } } }
  it('is the line where the loss names one coordinate: the distance to it', async () => {
    const trial = { steps: 100, escape: 'abs(x) >= 0.5' }
    const answer = await ask({ landscape, start: [0.1, 7], trial })
    expect(answer.set).toMatchObject({ kind: 'tube', among: [0] })
    expect(answer.set.radius).toBeCloseTo(0.5, 6)
    expect(answer.start.distance).toBeCloseTo(0.1, 12)
    expect(holds(answer)).toEqual([true, true, true])
    expect(answer.bounds!.upper).toBeLessThan(1e-10)
    expect(answer.bounds!.lower! / answer.bounds!.upper!).toBeCloseTo(1, 6)
    expect(answer.measure).toBe(`escape: "(x - (0))^2 >= ${answer.set.radius}^2"`)
  })

  it('says what is needed elsewhere', async () => {
    const slanted = { formula: { variables: ['x', 'y'], expression: '(x + y)^2' } }
    const answer = await ask({ landscape: slanted, start: [1, 1], trial: { steps: 10, escape: 'x >= 3' } })
    expect(holds(answer)[0]).toBe(false)
    expect(answer.conditions[0]!.text).toContain('distance to this set of minima')
  })
})

describe('several dimensions', () => {
  it('an isotropic quadratic is exact: both ends of the bracket are one', async () => {
    const landscape = { preset: 'quadratic', dimension: 3 }
    const trial = { steps: 100, escape: { outside: { radius: 1, of: 'origin' } } }
    const update = { rule: 'gradient', eta: 0.1, drift: additive(1) }
    const { bounds, curvature } = await ask({ landscape, start: [0, 0, 0], trial, update })
    expect(curvature.how).toBe('interval arithmetic')
    // Quadrature, 30 digits.
    expect(bounds!.upper! / 0.0140195220577787).toBeCloseTo(1, 8)
    expect(bounds!.lower! / 0.0140195220577787).toBeCloseTo(1, 8)
  })

  if (full)
    it('a network is an estimate, and says so', async () => {
      const network = { layers: [1, 1, 1], activation: 'tanh', biases: false, decay: 0.05 }
      const data = { inputs: [[-1], [0.5], [1]], targets: [[-0.5], [0.4], [0.5]] }
      const answer = await ask({
        landscape: { network: { ...network, data } },
        start: [1, 1],
        trial: { steps: 100, escape: 'x[1] < 0' },
      })
      expect(answer.curvature.how).toBe('estimate')
      expect(answer.conditions[0]!.text).toContain('not proven')
      expect(answer.escape.ends).toBe('upper')
      // The start is away from where descent ends.
      expect(answer.start.distance).toBeGreaterThan(0.1)
    })
})

describe('momentum and minibatches', () => {
  const momentum = { rule: 'momentum', beta: 0.5, eta: 0.1, drift: additive(0.15) }
  const samples = { x: [1, 0.6, -0.8, 1.2], y: [1.2, 0.4, -0.9, 1] }
  const regression = (more: object) => ({
    formula: { variables: ['w'], expression: '(y - w*x)^2/2', data: { columns: samples }, ...more },
  })
  const start = [0.9767441860465116]
  const trial = { steps: 100, escape: { outside: { radius: 0.2, of: start } } }
  const update = { rule: 'gradient', eta: 0.1 }

  it('have Theorem 3', async () => {
    const answer = await ask({ update: momentum })
    expect(answer.statement).toBe('momentum')
    expect(holds(answer)).toEqual([true, true, true])
    expect(answer.conditions[1]!.numbers).toMatchObject({ eta: 0.1, beta: 0.5, rho: expect.any(Number) })
    expect(answer.bounds).toMatchObject({ stay: null, escape: null, upper: null, lower: null, union: null })
    expect(answer.bounds!.exponential).toBeLessThan(1e-5)
    // Exact: 4.855e-12, by the oracle.
    expect(answer.bounds!.exponential).toBeGreaterThan(4.855e-12)
    expect(answer.leaves).toBe(true)
    expect(answer.escape.ends).toBe('both')
  })

  it('say with which number a step is too large, and where no norm is found', async () => {
    const large = await ask({ update: { ...momentum, eta: 1.1 } })
    expect(holds(large)).toEqual([true, false, true])
    expect(large.conditions[1]!.numbers.limit).toBeCloseTo(3 / 2.99, 5)
    expect(large.bounds).toMatchObject({ exponential: 1, doob: null })
    const heavy = await ask({ update: { ...momentum, beta: 0.9 } })
    expect(heavy.conditions[1]).toMatchObject({ holds: false, text: expect.stringContaining('no norm was found') })
    expect(holds(await ask({ update: { ...momentum, beta: 0.9 } }, { radius: 0.1 }))).toEqual([true, true, true])
  })

  it('choose the ball with the best bound', async () => {
    const answer = await ask({ update: momentum, trial: { steps: 100, escape: 'x >= 0' } })
    expect(answer.set.chosen).toBe('best')
    expect(answer.bounds!.exponential).toBeLessThan(1e-6)
    expect(answer.escape.ends).toBe('upper')
  })

  if (full)
    it('look no further than where a smaller ball has met a saddle, whatever lies beyond', async () => {
      // Hole with a saddle 1.3 to the left; samples of a ball a hundred times as large miss it.
      const expression = '((tanh(3*x)+0.9)^2+(tanh(0.5*x)-0.9)^2+(tanh(0.4*x)-0.8)^2)/6+0.005*x^2'
      const answer = await ask({
        landscape: { formula: { variables: ['x'], expression } },
        start: [1.995848752777454],
        update: { eta: 0.0109, drift: additive(2.34) },
        // Met where the trial begins: no ball misses it.
        trial: { steps: 5000, escape: { low: 'x <= -1.7', high: 'x >= 1.4' } },
      })
      expect(answer.set.chosen).toBe('best')
      expect(holds(answer)).toEqual([true, true, true])
      // Of balls that are all left some time, the largest that was tried and proven.
      expect(answer.set.radius).toBeGreaterThan(0.9)
      expect(answer.bounds!.upper).toBeLessThan(0.95)
    })

  it('a minibatch is sub-Gaussian with the spread of its samples', async () => {
    const answer = await ask({ landscape: regression({ batch: 4 }), start, trial, update })
    expect(answer.statement).toBe('minibatch')
    expect(holds(answer)).toEqual([true, true, true])
    expect(answer.conditions[2]!.numbers).toMatchObject({ batch: 4, M: expect.any(Number), trace: expect.any(Number) })
    const { exponential, doob } = answer.bounds!
    expect(exponential).toBeLessThan(1e-5)
    expect(exponential).toBeGreaterThan(0)
    expect(doob).toBeLessThan(1)
    expect(answer.leaves).toBe(false)
    const drifting = await ask({
      landscape: regression({ batch: 4 }),
      start,
      trial,
      update: { ...update, drift: additive(0.1) },
    })
    expect(drifting.bounds!.exponential).toBeGreaterThan(exponential!)
    expect(drifting.leaves).toBe(true)
  })

  it('a schedule of step sizes is covered for minibatches', async () => {
    const eta = { power: { initial: 0.1, offset: 20, exponent: 1 } }
    const landscape = regression({ batch: 4 })
    const [falling, constant] = await Promise.all(
      [eta, 0.1].map((eta) => ask({ landscape, start, trial, update: { ...update, eta } })),
    )
    expect(falling!.bounds!.exponential).toBeLessThan(constant!.bounds!.exponential!)
  })

  if (full)
    it('shuffled ones are refused, and those of networks have no bound', async () => {
      const shuffled = await ask({ landscape: regression({ batch: 2, sampling: 'shuffle' }), start, trial, update })
      expect(shuffled.statement).toBe('none')
      expect(shuffled.conditions[2]!.text).toContain('shuffled')
      const network = { layers: [1, 1, 1], activation: 'tanh', biases: false, decay: 0.05, batch: 2 }
      const data = { inputs: [[-1], [0.5], [1]], targets: [[-0.5], [0.4], [0.5]] }
      const landscape = { network: { ...network, data } }
      const { minimum } = await ask({ landscape, start: [1, 1], trial: { steps: 1 }, update })
      const around = { steps: 100, escape: { outside: { radius: 0.2, of: minimum.point } } }
      const answer = await ask({ landscape, start: minimum.point, trial: around, update })
      expect(answer.statement).toBe('minibatch')
      expect(answer.conditions[2]).toMatchObject({ holds: false, text: expect.stringContaining('did not bound') })
      expect(answer.bounds).toMatchObject({ exponential: null, doob: null })
    })

  it('a drift that is not sub-Gaussian has no bound but of its variance', async () => {
    const answer = await ask({ update: { ...momentum, drift: additive(0.05, { law: 'laplace' }) } })
    expect(answer.conditions[2]!.holds).toBe(false)
    expect(answer.bounds).toMatchObject({ exponential: null, doob: expect.any(Number) })
  })
})

describe('what is not covered, and why', () => {
  const trial = { steps: 100, escape: { outside: { radius: 0.2, of: 'left' } } }
  const banana = { landscape: { preset: 'banana' }, trial }
  it.each([
    [{ rule: 'adam', eta: 0.01, drift: additive(0.1) }, /adam/],
    [
      { rule: 'momentum', beta: 0.9, eta: { power: { initial: 0.01, offset: 9, exponent: 1 } }, drift: additive(0.1) },
      /with momentum, .* constant/,
    ],
    [{ rule: 'nesterov', beta: 0.9, eta: 0.01, drift: additive(0.1) }, /nesterov/],
    [{ rule: 'gradient', eta: 0.01, drift: additive(0.1, { law: 'rademacher' }) }, /independent rademacher/],
    [{ rule: 'gradient', eta: 0.01, drift: additive(0.1, { law: 'sphere' }) }, /not unimodal/],
    [{ rule: 'gradient', eta: 0.01, drift: additive(0.1, { law: 'laplace' }) }, /not spherical/],
    [{ rule: 'gradient', eta: 0.01, drift: { form: 'loss-scaled', law: 'gaussian', sigma: 1 } }, /loss-scaled/],
  ])('%j', async (update, reason) => {
    const answer = await ask({ ...banana, update })
    expect(answer.conditions[2]).toMatchObject({ number: 3, holds: false, text: expect.stringMatching(reason) })
    expect(answer.bounds?.stay ?? null).toBeNull()
    expect(answer.forever).not.toMatchObject({ reason: expect.stringMatching(/not additive/) })
  })

  it('keeps the bounds that need less', async () => {
    const answer = await ask({
      ...banana,
      update: { rule: 'gradient', eta: 0.1, drift: additive(0.01, { law: 'rademacher' }) },
    })
    expect(answer.bounds!.exponential).toBeLessThan(0.5)
    expect(answer.bounds!.doob).toBeGreaterThan(answer.bounds!.exponential!)
  })

  if (full)
    it('an isotropic Laplace drift is unimodal; its numbers are not computed', async () => {
      const drift = additive(0.1, { law: 'laplace', isotropic: true })
      const answer = await ask({ ...banana, update: { rule: 'gradient', eta: 0.01, drift } })
      expect(answer.conditions[2]).toMatchObject({
        holds: true,
        text: expect.stringMatching(/only for Gaussian drift/),
      })
      expect(answer.bounds).toMatchObject({ stay: null, exponential: null })
    })

  it('a kink has no curvature', async () => {
    const landscape = { formula: { variables: ['x'], expression: 'x^2 - 0.5*abs(x - 0.1)', minima: { a: [-0.25] } } }
    const trial = { steps: 10, escape: { outside: { radius: 0.6, of: 'a' } } }
    const answer = await ask({ landscape, start: [-0.25], trial })
    expect(answer.conditions[0]!.holds).toBe(false)
  })
})
