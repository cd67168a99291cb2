import { describe, expect, it, test } from 'vitest'
import { cellOf } from '../cells.fixture.ts'
import { applied, reason, temperature, valuesOf, type Written } from './cells.fixture.ts'
import { escapeSet } from './escapeSet.ts'
import known from './fixtures/asymptotics.json'

const well = (eta: number, T: number, escape: unknown): Written => ({
  preset: 'double-well',
  start: [-1],
  eta,
  drift: temperature(T),
  trial: { escape },
})
const near = (value: number | undefined, exact: number) => Math.abs(value! / exact - 1)
const both = ['eyring-kramers', 'discrete-kramers', 'freidlin-wentzell'] as const

describe.each(known.meanExit)('the double well at eta = $eta, T = $T', (row) => {
  const { eta, T } = row

  it('has the numbers of the formulas', () => {
    const transit = valuesOf(applied('eyring-kramers', well(eta, T, 'x >= 1')))
    expect(near(transit.meanExitStep, row.eyring_kramers_steps)).toBeLessThan(1e-9)
    const crossing = valuesOf(applied('eyring-kramers', well(eta, T, 'x >= 0')))
    expect(near(crossing.meanExitStep, row.eyring_kramers_steps / 2)).toBeLessThan(1e-9)
    const discrete = valuesOf(applied('discrete-kramers', well(eta, T, 'x >= 1')))
    expect(near(discrete.meanExitStep, row.discrete_kramers_steps)).toBeLessThan(1e-9)
    const crossed = valuesOf(applied('discrete-kramers', well(eta, T, 'x >= 0')))
    expect(near(crossed.meanExitStep, row.discrete_kramers_cross0_steps)).toBeLessThan(1e-9)
    expect(crossed.probability).toBeCloseTo(1 - Math.exp(-1000 / row.discrete_kramers_cross0_steps), 9)
  })

  it('lies near the exact mean exit step, and nearer with the discrete correction', () => {
    const of = (name: 'eyring-kramers' | 'discrete-kramers', escape: string) =>
      valuesOf(applied(name, well(eta, T, escape))).meanExitStep!
    // The asymptotics leave out a relative error of order T/dL = 4 T.
    expect(near(of('discrete-kramers', 'x >= 0'), row.mfpt_x_ge_0)).toBeLessThan(0.06 + 2 * T)
    expect(near(of('discrete-kramers', 'x >= 1'), row.mfpt_x_ge_1)).toBeLessThan(0.12 + 2 * T)
    expect(near(of('discrete-kramers', 'x >= 0'), row.mfpt_x_ge_0)).toBeLessThan(
      near(of('eyring-kramers', 'x >= 0'), row.mfpt_x_ge_0),
    )
  })
})

test('the exponent of the chain has its second order in eta, and none of first', () => {
  const of = (eta: number) => valuesOf(applied('freidlin-wentzell', well(eta, 0.05, 'x >= 0')))
  for (const eta of [0.05, 0.1, 0.5]) expect(of(eta).discreteBarrier).toBeCloseTo(0.25 - (eta * eta) / 48, 11)
  // The action of a path up to the saddle at which it is stationary. At 0.5 it is no minimum (docs/gallery/
  // small-noise.md).
  for (const [eta, action] of [
    [0.1, 0.24978644722],
    [0.2, 0.24911463805],
    [0.5, 0.24291182056],
  ] as const) {
    expect(Math.abs(of(eta).discreteBarrier! - action)).toBeLessThan(0.06 * eta ** 4)
    expect(Math.abs(0.25 - action)).toBeGreaterThan(0.1 * eta ** 4)
  }
  expect(of(0.1).exponent).toBeCloseTo(5, 12)
})

describe('discrete-kramers beside the exact rate of the double well, T = 0.0167', () => {
  // 1 - lambda_1 of the chain left of 0, by SciPy: Line(..).ever(-1)[2] of test/exact/theory/chains.py.
  it.each([
    [0.05, 5.967213373e-9],
    [0.1, 1.1687197734e-8],
    [0.25, 3.1309633407e-8],
    [0.4, 6.8326697793e-8],
  ])('at eta %d it is off as it says', (eta, exact) => {
    const { conditions, quantities } = applied('discrete-kramers', well(eta, 1 / 60, 'x >= 0'))
    const { discreteFactor } = valuesOf(applied('freidlin-wentzell', well(eta, 1 / 60, 'x >= 0')))
    // The chain's own barrier is lower, so that trials leave more often than the barrier of the loss says.
    expect(discreteFactor).toBeGreaterThan(1)
    const off = Math.abs((quantities.ratePerStep!.value * discreteFactor!) / exact - 1)
    const warned = conditions.some((each) => /above 0.5 the corrections .* do not hold/.test(each))
    expect(warned).toBe(eta * 2 > 0.5)
    if (warned) expect(off).toBeGreaterThan(0.2)
    else expect(off).toBeLessThan(0.1)
  })
})

test.each(both)('%s says where the way up the other wall is cheaper than the climb to the saddle', (name) => {
  const said = (eta: number) =>
    applied(name, well(eta, 0.02, 'x >= 0')).conditions.filter((each) => /wall opposite to the saddle/.test(each))
  // By the paths of least action of docs/gallery/small-noise.md one takes over from the other between 0.45 and 0.47.
  expect([0.01, 0.1, 0.3, 0.4].flatMap(said)).toEqual([])
  // 0.20961 of the loss by the other wall, 0.24291 straight.
  expect(said(0.5)).toEqual([expect.stringMatching(/costs 0\.86\d* times as much as the climb/)])
})

test('an edge before the saddle has an exponent: on a quadratic that of the exact stationary law', () => {
  const found = applied('freidlin-wentzell', {
    preset: 'quadratic',
    start: [0],
    drift: temperature(0.05),
    trial: { escape: { outside: { radius: 1, of: 'origin' } } },
  })
  // Variance eta sigma^2 / (h (2 - eta h)) = 2 T / 1.9: r^2 / (2 v) = 0.475 / T.
  expect(valuesOf(found).discreteExponent).toBeCloseTo(9.5, 12)
  expect(found.conditions.join()).toContain('boundary of the escape set, at -1')
})

test('the bent valley has the rate of the straight one', () => {
  const found = applied('eyring-kramers', {
    preset: 'banana',
    start: [-1, 1],
    drift: temperature(0.05),
    trial: { escape: 'x >= 0' },
  })
  const straight = valuesOf(applied('eyring-kramers', well(0.1, 0.05, 'x >= 0'))).ratePerStep!
  expect(near(valuesOf(found).ratePerStep, straight)).toBeLessThan(1e-9)
})

test('a valley that does not bend has the discrete rate of its one dimension', () => {
  const found = applied('discrete-kramers', {
    preset: 'double-well',
    start: [-1, 0],
    drift: temperature(0.05),
    landscape: { formula: { variables: ['x', 'y'], expression: '(x^2 - 1)^2/4 + 1.5*y^2' } },
    trial: { escape: 'x >= 0' },
  })
  const alone = valuesOf(applied('discrete-kramers', well(0.1, 0.05, 'x >= 0'))).ratePerStep!
  expect(near(valuesOf(found).ratePerStep, alone)).toBeLessThan(1e-9)
})

describe('three holes', () => {
  const holes = (beta: number, escape: unknown): Written => ({
    preset: 'three-hole',
    start: [-1.04, 0],
    eta: 0.02,
    drift: temperature(1 / beta),
    trial: { escape, steps: 10000 },
  })

  it('are left over two saddles, whose rates add', () => {
    const found = applied('eyring-kramers', holes(6.67, 'x >= 0'))
    // mpmath, 30 digits: 4.9696211337129e-9 over the upper saddle, and twice 1.36782e-9 over the lower.
    expect(near(valuesOf(found).ratePerStep, 7.705261520142e-9)).toBeLessThan(1e-9)
    expect(found.conditions.join()).toMatch(
      /over the saddle \(-0.6173, 1.103\).*first crossing of the surface through the saddle \(0, -0.3158\)/,
    )
  })

  it('are left at about the exact rate', () => {
    const written = { ...holes(3, 'x >= 0'), eta: 0.05 }
    // P(exit within 100 and 400 steps) by quadrature in two resolutions.
    const exact = Math.log((1 - 0.0149377990707) / (1 - 0.0633233836849)) / 300
    const { ratePerStep, exponent } = valuesOf(applied('discrete-kramers', written))
    expect(near(ratePerStep, exact)).toBeLessThan(1 / exponent!)
  })

  it('do not count a well between as escape', () => {
    expect(reason('eyring-kramers', holes(6.67, 'x >= 0.9'))).toMatch(
      /\(0, 1.537\) \(minimum\), where .* does not hold/,
    )
  })

  it('are too shallow for the law in the heat', () => {
    expect(reason('eyring-kramers', holes(1.67, 'x >= 0'))).toMatch(/only 0.877\d? T deep/)
  })
})

// Mean exit steps over the saddle .642667 by subtraction-free elimination in two resolutions.
test.each([
  [0.15, 1580385.9428277],
  [0.25, 2657.5100669872],
])('one weight leaves its bad minimum at sigma = %d about when the chain does', (sigma, exact) => {
  const written: Written = {
    preset: 'quadratic',
    start: [1.995848752877454],
    eta: 0.5,
    drift: { form: 'additive', law: 'gaussian', sigma },
    landscape: {
      formula: {
        variables: ['w'],
        expression: '((tanh(3*w)+0.9)^2+(tanh(0.5*w)-0.9)^2+(tanh(0.4*w)-0.8)^2)/6+0.005*w^2',
      },
    },
    trial: { escape: 'w <= 0.6426672497221396' },
  }
  const { meanExitStep, exponent } = valuesOf(applied('discrete-kramers', written))
  expect(near(meanExitStep, exact)).toBeLessThan(1.2 / exponent!)
  expect(near(valuesOf(applied('eyring-kramers', written)).meanExitStep, exact)).toBeGreaterThan(0.35)
})

describe('the reason why not', () => {
  const plain = well(0.1, 0.05, 'x >= 0')
  it.each<[string, Partial<Written>, RegExp]>([
    ['heavy tails', { drift: { form: 'additive', law: 'cauchy', sigma: 1 } }, /cauchy, not gaussian/],
    ['other forms', { drift: { form: 'multiplicative', law: 'gaussian', sigma: 1 } }, /multiplicative, not additive/],
    ['no drift', {}, /no drift/],
    [
      'schedules',
      { drift: { form: 'additive', law: 'gaussian', sigma: { exponential: { initial: 1, rate: 0.99 } } } },
      /changes with n/,
    ],
    [
      'competing convergence',
      { trial: { escape: 'x >= 0', converge: { within: 0.1, of: 'left', hold: 5 } } },
      /escape before converging/,
    ],
    ['no escape', { trial: {} }, /no escape event/],
    ['warmup', { trial: { escape: 'x >= 0', warmup: 10 } }, /warm-up/],
    ['a landscape without saddles', { preset: 'quadratic', start: [0], trial: { escape: 'x >= 2' } }, /no saddle/],
    ['a step in the condition', { trial: { escape: 'x >= 0 && step > 3' } }, /depends on the course of the trial/],
    ['rare looks', { trial: { escape: { basin: true, every: 5 } } }, /every 5 steps/],
    ['escape at once', { trial: { escape: 'x >= -1.5' } }, /at the minimum itself/],
    ['a set behind the saddle', { trial: { escape: 'x >= 0.3' } }, /neither at the saddle nor in the next well/],
    ['a set before the saddle', { trial: { escape: 'x >= -0.3' } }, /before the saddle/],
    ['a set on the other slope', { trial: { escape: 'x >= 0 || x <= -1.3' } }, /no saddle asymptotic/],
    ['weak barriers', { drift: temperature(0.4) }, /barrier is 0.625 T/],
    ['a start near the saddle', { start: [-0.2] }, /start is only 0.3\d* T below the saddle/],
    ['a start at the saddle', { start: [0] }, /\(saddle\)/],
    ['long steps', { eta: 0.7 }, /steps overshoot/],
  ])('%s', (_, change, expected) => {
    const drift = change.drift ?? (_ === 'no drift' ? 'none' : plain.drift)
    expect(reason('eyring-kramers', { ...plain, ...change, drift })).toMatch(expected)
    if (!/set behind/.test(_)) return
    // The exponent does not ask where behind.
    expect(valuesOf(applied('freidlin-wentzell', { ...plain, ...change })).exponent).toBeCloseTo(5, 12)
  })

  it('a plane that meets the saddle at an angle', () => {
    const banana = { preset: 'banana', start: [-1, 1], drift: temperature(0.05), trial: { escape: 'x + y/2 >= 0' } }
    expect(reason('eyring-kramers', banana)).toMatch(/before the saddle|deviates from the surface through the saddle/)
  })

  it('many dimensions', () => {
    const rastrigin = {
      preset: 'quadratic',
      start: new Array(11).fill(0),
      drift: temperature(0.05),
      trial: { escape: 'x[1] > 1' },
    }
    for (const name of both)
      expect(reason(name, { ...rastrigin, landscape: { preset: 'quadratic', dimension: 11 } })).toMatch(
        /the dimension is 11/,
      )
  })
})

test('a basin is left at the saddle', () => {
  const rate = (escape: unknown) => valuesOf(applied('discrete-kramers', well(0.1, 0.05, escape))).ratePerStep
  expect(rate({ basin: true })).toBe(rate('x >= 0'))
  expect(rate({ outside: { radius: 1, of: 'left' } })).toBe(rate('x >= 0'))
})

test('a copy of the minimum is no other basin, which these formulas do not know', () => {
  const cell = cellOf('double-well', { start: [-1], trial: { steps: 10, escape: { basin: true } } }, 1)
  const { escape } = cell.trial
  if (escape?.kind !== 'basin') throw new Error('the escape is a basin')
  const of = (own: typeof escape) => () =>
    escapeSet({ ...cell, trial: { ...cell.trial, escape: own } }, [], Float64Array.of(-1))
  expect(of({ ...escape, modulo: 'symmetry' })).toThrow('for a copy of its minimum has not escaped')
  expect(of(escape)).not.toThrow()
})
