import { describe, expect, test } from 'vitest'
import { type Cell, parseSweep, type SpecOptions, talliedHorizons } from './index.ts'

const base = {
  version: 1,
  name: 'base',
  seed: 1,
  landscape: { preset: 'double-well' },
  start: [-1],
  update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
  trial: { steps: 200, escape: 'x >= 0' },
  trials: 2000,
}

function plan(change: object = {}, options: Partial<SpecOptions> = {}) {
  return parseSweep(JSON.stringify({ ...base, ...change }), { fileName: 'a.json', ...options })
}

const cell = (change: object = {}): Cell => plan(change).cell(0).cell

describe('the spec of the documentation', () => {
  const text = `
version: 1
name: double-well-phase-map
seed: 20261124
let: { T: 0.1 }
landscape:
  preset: double-well
start: [-1]
update:
  rule: gradient
  eta: 0.1
  drift: { form: additive, law: gaussian, sigma: "= sqrt(2*T/eta)" }
trial:
  steps: 1000
  escape: "x >= 0"
  converge: { within: 0.05, of: left, hold: 50 }
sweep:
  update.eta: [0.05, 0.1, 0.2]
  let.T: { from: 0.02, to: 0.2, count: 7, scale: log }
trials: 10000
estimates: [escape, escapeStep]
`
  const sweep = parseSweep(text, { fileName: 'double-well.yaml' })

  test('is 21 cells', () => {
    expect(sweep).toMatchObject({
      name: 'double-well-phase-map',
      seed: '20261124',
      cellCount: 21,
      maxTrials: 210_000n,
      priority: 0,
      tags: {},
    })
    expect(sweep.axes).toEqual(['let.T', 'update.eta'])
    expect(sweep.demand).toEqual({
      trials: 10_000,
      until: null,
      record: { kind: 'all' },
      horizons: [],
      confidence: 0.95,
      simultaneous: false,
      interval: 'clopper-pearson',
      estimates: ['escape', 'escapeStep'],
      contrasts: [],
    })
  })

  test('resolves every number', () => {
    expect(sweep.cell(0)).toMatchObject({ index: 0, params: { 'let.T': 0.02, 'update.eta': 0.05 } })
    expect(sweep.cell(0).cell).toEqual({
      // No descent decides anything in this trial: what changed with version 3 does not touch it.
      kernel: 2,
      landscape: {
        kind: 'formula',
        dimension: 1,
        variables: ['x'],
        expression: '(x^2 - 1)^2/4',
        parameters: [],
        data: null,
        batch: null,
      },
      start: { kind: 'point', point: [-1] },
      update: {
        rule: { kind: 'gradient' },
        eta: { kind: 'constant', value: 0.05 },
        drift: [
          {
            form: 'additive',
            law: { kind: 'gaussian' },
            isotropic: false,
            scale: 'sigma',
            amount: { kind: 'constant', value: Math.sqrt((2 * 0.02) / 0.05) },
            when: null,
            every: 1,
          },
        ],
      },
      trial: {
        warmup: 0,
        steps: 1000,
        divergence: 1e6,
        escape: { kind: 'exits', exits: [['', 'x >= 0']] },
        converge: { kind: 'within', radius: 0.05, of: [['left', [-1]]], hold: 50 },
        afterEscape: 'stop',
        afterConverge: 'stop',
        marks: [],
        classify: [],
        minima: [
          ['left', [-1]],
          ['right', [1]],
        ],
        quench: null,
        settledRadius: 1e-3,
      },
      seed: '20261124',
      streams: 'independent',
      method: { kind: 'direct' },
    })
  })

  test('is frozen', () => {
    const { cell } = sweep.cell(0)
    expect(() => Object.assign(cell.trial.minima[0]![1], { 0: 5 })).toThrow(TypeError)
    expect(() => Object.assign(sweep.demand, { trials: 5 })).toThrow(TypeError)
  })
})

describe('numbers by expression', () => {
  const sigmaOf = (sigma: string, change: object = {}) => {
    const [drift] = cell({ update: { ...base.update, drift: { sigma } }, ...change }).update.drift
    return (drift!.amount as { value: number }).value
  }

  test.each([
    ['= 2*eta', {}, 0.2],
    ['= steps/100', {}, 2],
    ['= T', { let: { T: 7 } }, 7],
    ['= eta', { let: { eta: 7 } }, 7],
    ['= a', { let: { a: '= 2*b', b: '= 3*eta' } }, 0.6000000000000001],
    ['= c', { landscape: { preset: 'tilted-double-well' } }, 0.1],
    ['= c', { landscape: { preset: 'tilted-double-well', parameters: { c: '= steps/1000' } } }, 0.2],
    ['= dimension', { landscape: { preset: 'quadratic', dimension: 3 }, start: [1, 2, 3], trial: { steps: 9 } }, 3],
    ['= 2^3 + exp(0)', {}, 9],
    ['= k^2', { let: { k: -2 } }, 4],
  ])('%s %j', (sigma, change, value) => {
    expect(sigmaOf(sigma, change)).toBe(value)
  })

  test('an integer may miss by rounding, not by more', () => {
    expect(cell({ update: { eta: 0.3 }, trial: { steps: '= 0.9/eta' } }).trial.steps).toBe(3)
    expect(() => cell({ update: { eta: 0.3 }, trial: { steps: '= 1/eta' } })).toThrow('not an integer')
  })

  test('everywhere a number stands', () => {
    const made = cell({
      let: { a: 2 },
      landscape: { preset: 'tilted-double-well', parameters: { c: '= a/20' } },
      start: ['= -a/2'],
      update: {
        eta: {
          piecewise: [
            [0, '= a'],
            ['= 10*a', 1],
          ],
        },
        drift: { sigma: { power: { initial: '= a', offset: '= a', exponent: 1 } } },
      },
      trial: {
        steps: '= 50*a',
        escape: { outside: { radius: '= a', of: ['= a'] } },
        marks: { m: 'loss <= a*c' },
        divergence: '= 100*a',
      },
      trials: '= 5*a',
      confidence: '= 1 - 0.1/a',
    })
    expect(made.landscape.parameters).toEqual([['c', 0.1]])
    expect(made.start).toEqual({ kind: 'point', point: [-1] })
    expect(made.update.eta).toEqual({
      kind: 'piecewise',
      points: [
        [0, 2],
        [20, 1],
      ],
    })
    expect(made.trial).toMatchObject({
      steps: 100,
      divergence: 200,
      escape: { kind: 'outside', radius: 2, of: [2] },
      marks: [['m', 'loss <= 2*c']],
    })
  })

  test('long chains are computed once each', () => {
    const names = Array.from({ length: 100 }, (_, i) => `a${i}`)
    const doubling = Object.fromEntries(
      names.map((name, i) => [name, i === 0 ? 1 : `= ${names[i - 1]} + ${names[i - 1]}`]),
    )
    expect(sigmaOf('= a99/2^99', { let: doubling })).toBe(1)
  })

  test('schedules are over n, other names are numbers', () => {
    const { eta } = cell({ let: { c: 2 }, update: { eta: { expression: 'sqrt(c/log(n + 2))' } } }).update
    expect(eta).toEqual({ kind: 'expression', expression: 'sqrt(2/log(n + 2))' })
  })
})

describe('landscapes', () => {
  test('of any dimension: d, x[i], and x in one', () => {
    const one = { landscape: { preset: 'quadratic' }, start: [0] }
    expect(cell(one).landscape).toMatchObject({ variables: null, dimension: 1, expression: 'sum(i, 1, 1, h*x[i]^2)/2' })
    expect(cell(one).trial.escape).toEqual({ kind: 'exits', exits: [['', 'x[1] >= 0']] })
    const three = cell({
      landscape: { formula: { dimension: 3, expression: 'sum(i, 1, d - 1, (x[i+1] - x[i])^2)' } },
      start: [0, 1, 2],
      trial: { steps: 5, escape: 'x[d] > x[1]' },
    })
    expect(three.landscape).toMatchObject({ expression: 'sum(i, 1, 3 - 1, (x[i + 1] - x[i])^2)' })
    expect(three.trial.escape).toEqual({ kind: 'exits', exits: [['', 'x[3] > x[1]']] })
  })

  test('minima of your own come after those of a preset, or in their place', () => {
    const minima = { high: [2.746803, 2.746803], global: [-2.90353, -2.90353] }
    const { trial } = cell({
      landscape: { preset: 'styblinski-tang', minima },
      start: { minimum: 'high' },
      trial: { steps: 5 },
    })
    expect(trial.minima).toEqual([
      ['global', minima.global],
      ['high', minima.high],
    ])
  })

  test('ten thousand dimensions', () => {
    const { start } = cell({
      landscape: { preset: 'quadratic', dimension: 10_000 },
      start: { minimum: 'origin' },
      trial: { steps: 5, escape: { outside: { radius: 1, of: 'origin' } } },
    })
    expect(start).toMatchObject({ kind: 'point', point: { length: 10_000 } })
  })
})

describe('updates and trials', () => {
  test.each([[undefined], ['none'], [[]]])('no drift: %j', (drift) => {
    expect(cell({ update: { eta: 0.1, drift } }).update).toEqual({
      rule: { kind: 'gradient' },
      eta: { kind: 'constant', value: 0.1 },
      drift: [],
    })
  })

  test('forms of schedules', () => {
    const forms = [
      { exponential: { initial: 2, rate: 0.97 } },
      { cosine: { initial: 1, final: 0, steps: 9 } },
      { power: { initial: 1, offset: 2, exponent: 0.5 } },
    ]
    const { drift } = cell({
      update: { eta: 0.1, drift: forms.map((temperature) => ({ temperature, law: 'rademacher' })) },
    }).update
    expect(drift).toMatchObject(
      ['exponential', 'cosine', 'power'].map((kind) => ({
        form: 'additive',
        scale: 'temperature',
        law: { kind: 'rademacher' },
        amount: { kind },
      })),
    )
  })

  test('a step size may fall to 0 along a cosine, as it does by default in PyTorch', () => {
    const eta = { cosine: { initial: 0.1, final: 0, steps: 9 } }
    expect(cell({ update: { eta } }).update.eta).toEqual({ kind: 'cosine', ...eta.cosine })
    expect(() => cell({ update: { eta: { cosine: { ...eta.cosine, final: -0.1 } } } })).toThrow('>= 0')
    expect(() => cell({ update: { eta: { cosine: { ...eta.cosine, initial: 0 } } } })).toThrow('> 0')
  })

  test('converging in each way', () => {
    const converge = (text: object) => cell({ trial: { steps: 5, converge: text } }).trial.converge
    expect(converge({ within: 0.1 })).toMatchObject({
      of: [
        ['left', [-1]],
        ['right', [1]],
      ],
      hold: 1,
    })
    expect(converge({ within: 0.1, of: [0.5], hold: 3 })).toMatchObject({ of: [['', [0.5]]], hold: 3 })
    expect(converge({ gradient: 1e-9 })).toEqual({ kind: 'gradient', tolerance: 1e-9, hold: 1 })
    expect(converge({ when: '!(loss>1)' })).toEqual({ kind: 'when', when: '!(loss > 1)', hold: 1 })
  })
})

describe('demands', () => {
  const demand = (change: object) => plan({ trials: undefined, ...change }).demand

  test('stopping rules', () => {
    const rule = { estimate: 'escape', relative: 0.1 }
    expect(demand({ until: rule }).until).toEqual({
      rules: [{ rule: 'relative', ...rule }],
      confidence: 0.95,
      min: 1000,
      max: 10_000_000,
    })
    const events = { estimate: 'diverge', events: 50, min: 10 }
    expect(demand({ confidence: 0.9, until: [rule, events] }).until).toMatchObject({
      rules: [
        { rule: 'relative', estimate: 'escape' },
        { rule: 'events', estimate: 'diverge', events: 50 },
      ],
      confidence: 0.9,
      min: 10,
    })
    expect(demand({ until: { rules: [rule], max: 2000, confidence: 0.99 } }).until).toMatchObject({
      max: 2000,
      confidence: 0.99,
    })
    expect(plan({ trials: undefined, until: { ...rule, max: 5000 }, sweep: { seed: [1, 2] } }).maxTrials).toBe(10_000n)
    expect(demand({ until: { ...rule, method: 'gbas' } }).until?.rules).toEqual([{ rule: 'gbas', ...rule }])
    const above = { estimate: 'escape', above: 0.01 }
    expect(demand({ until: above }).until?.rules).toEqual([{ rule: 'above', ...above, indifference: 0.1 }])
    expect(demand({ until: { ...above, indifference: 0.5 } }).until?.rules).toEqual([
      { rule: 'above', ...above, indifference: 0.5 },
    ])
  })

  test('a budget over all cells is the most there can be, and no part of any id', () => {
    const until = { estimate: 'escape', relative: 0.1 }
    const free = plan({ trials: undefined, until, sweep: { seed: [1, 2] } })
    const budgeted = plan({ trials: undefined, until, budget: 50_000, sweep: { seed: [1, 2] } })
    expect(budgeted.demand.until).toEqual({ ...free.demand.until, budget: 50_000 })
    expect([budgeted.maxTrials, free.maxTrials]).toEqual([50_000n, 20_000_000n])
    expect(budgeted.id()).toBe(free.id())
    const rich = plan({ trials: undefined, until: { ...until, max: 2000 }, budget: 50_000 })
    expect(rich.maxTrials).toBe(2000n)
  })

  test('estimates of exits, settling, classes and marks', () => {
    const estimates = ['exit:up', 'settle:left', 'settle:other', 'class:good', 'class:other', 'mark:m', 'escapeRate']
    const trial = {
      steps: 9,
      escape: { up: 'x > 1' },
      converge: { within: 0.1 },
      classify: { good: 'loss < 1' },
      marks: { m: 'loss < 2' },
    }
    expect(demand({ trials: 1, trial, estimates }).estimates).toEqual(estimates)
  })

  test('records: all up to 10 million trials', () => {
    expect(demand({ trials: 10_000_000 }).record).toEqual({ kind: 'all' })
    expect(demand({ trials: 10_000_001 }).record).toEqual({ kind: 'none' })
    expect(demand({ trials: 5, record: { sample: 0.01 } }).record).toEqual({ kind: 'sample', share: 0.01 })
    expect(demand({ trials: 1e15, horizons: [50, 10, 50] }).horizons).toEqual([10, 50])
    expect(demand({ trials: 5, rate: { after: 30 } }).rateAfter).toBe(30)
    // A sweep of before there was one asks for the same.
    expect(demand({ trials: 5, rate: { after: 0 } })).toEqual(demand({ trials: 5 }))
    expect(demand({ trials: 5 })).not.toHaveProperty('rateAfter')
    expect(talliedHorizons({ horizons: [10, 50], rateAfter: 30 })).toEqual([10, 30, 50])
    expect(talliedHorizons({ horizons: [10, 50], rateAfter: 50 })).toEqual([10, 50])
    expect(talliedHorizons({ horizons: [10] })).toEqual([10])
  })
})

describe('options', () => {
  test('set replaces values, also of axes and demands', () => {
    const set = [
      ['update.eta', '0.5'],
      ['sweep.update.drift.sigma', '[1, 2, 3]'],
      ['trials', '7'],
      ['seed', '18446744073709551615'],
      ['let.a', '= 2*3'],
      ['trial.steps', '= 10*a'],
      ['name', 'other'],
    ] as const
    const sweep = plan({}, { set })
    expect(sweep).toMatchObject({ cellCount: 3, name: 'other', seed: '18446744073709551615', maxTrials: 21n })
    expect(sweep.cell(2).cell.update).toMatchObject({ eta: { value: 0.5 }, drift: [{ amount: { value: 3 } }] })
  })

  test('trials stand for trials and stopping rules', () => {
    expect(plan({}, { trials: 9 }).demand.trials).toBe(9)
    expect(
      plan({ trials: undefined, until: { estimate: 'escape', events: 9 }, budget: 5000 }, { trials: 9 }).demand,
    ).toMatchObject({
      trials: 9,
      until: null,
    })
  })
})
