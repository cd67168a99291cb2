import { describe, expect, test } from 'vitest'
import { cellId } from '../identity.ts'
import { laws } from '../laws.ts'
import { parseSweep } from '../parseSweep.ts'
import { cellOf, mistakeOf, plan } from '../plan/plan.fixture.ts'

const flat = { landscape: { preset: 'quadratic', dimension: 2 }, start: [0, 0] }
const updateOf = (update: object, change: object = {}) =>
  cellOf({ ...flat, ...change, update: { eta: 0.1, ...update } }).update
const constant = (value: number) => ({ kind: 'constant', value })

describe('rules', () => {
  test.each([
    [
      { rule: 'nesterov', beta: 0.9 },
      { kind: 'nesterov', beta: 0.9 },
    ],
    [{ rule: 'adagrad' }, { kind: 'adagrad', epsilon: 1e-10 }],
    [{ rule: 'rmsprop' }, { kind: 'rmsprop', alpha: 0.99, epsilon: 1e-8 }],
    [{ rule: 'adam' }, { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }],
    [
      { rule: 'adam', beta1: '= 1 - eta', beta2: 0.5, epsilon: 0 },
      { kind: 'adam', beta1: 0.9, beta2: 0.5, epsilon: 0 },
    ],
    [
      { rule: 'rmsprop', alpha: 0.9, epsilon: 1e-6 },
      { kind: 'rmsprop', alpha: 0.9, epsilon: 1e-6 },
    ],
  ])('%j', (update, rule) => {
    expect(updateOf(update).rule).toEqual(rule)
  })

  test('are swept, with their parameters', () => {
    const sweep = plan({ sweep: { 'update.rule': ['gradient', 'adam', { custom: { step: { theta: 'theta - g' } } }] } })
    expect([...sweep.cells()].map(({ cell }) => cell.update.rule.kind)).toEqual(['gradient', 'adam', 'custom'])
    const betas = plan({ update: { rule: 'momentum', eta: 0.1, beta: 0 }, sweep: { 'update.beta': [0.5, 0.9] } })
    expect([...betas.cells()].map(({ cell }) => cell.update.rule)).toEqual([
      { kind: 'momentum', beta: 0.5 },
      { kind: 'momentum', beta: 0.9 },
    ])
  })
})

describe("a rule of one's own", () => {
  const custom = { state: { v: 0 }, step: { v: '0.9*v - eta*g', theta: 'theta + v' } }
  const rule = { kind: 'custom', state: [{ name: 'v', initial: 0, next: '0.9*v - eta*g' }], theta: 'theta + v' }

  test.each([[{ custom }], [{ rule: 'custom', custom }], [{ rule: { custom } }]])('%j', (update) => {
    expect(updateOf(update).rule).toEqual(rule)
  })

  test('has its states by name, numbers for names of let and of the spec', () => {
    const made = updateOf(
      {
        custom: {
          state: { w: '= 2*b', a: -0 },
          step: { theta: 'theta-eta*(sign(g))+s*xi/sqrt(n+1)*h', w: 'w*b + steps', a: 'a' },
        },
      },
      { let: { b: 0.5, s: 3 } },
    ).rule
    expect(made).toEqual({
      kind: 'custom',
      state: [
        { name: 'a', initial: 0, next: 'a' },
        { name: 'w', initial: 1, next: 'w*0.5 + 100' },
      ],
      theta: 'theta - eta*sign(g) + 3*xi/sqrt(n + 1)*1',
    })
  })

  test('may have no state', () => {
    expect(updateOf({ custom: { step: { theta: 'theta - eta*g' } } }).rule).toEqual({
      kind: 'custom',
      state: [],
      theta: 'theta - eta*g',
    })
  })
})

describe('keys that change the steps', () => {
  const network = {
    landscape: { network: { layers: [2, 2, 1], data: { preset: 'xor' } } },
    start: { init: 'he' },
    trial: { steps: 9 },
  }

  test.each([
    [{ clip: 2 }, { clip: 2 }],
    [{ clip: '= 2*eta' }, { clip: 0.2 }],
    [{ decoupledDecay: 0.01 }, { decoupledDecay: 0.01 }],
    [{ sam: { rho: '= eta/2' } }, { sam: { rho: 0.05 } }],
    [{ warmup: 2 }, { warmup: 2 }],
    [{ etaByLayer: [1, '= 3*eta'] }, { etaByLayer: [1, 0.30000000000000004] }],
    [{ etaByLayer: [0, 1] }, { etaByLayer: [0, 1] }],
  ])('%j', (update, expected) => {
    expect(updateOf(update, network)).toEqual({ ...updateOf({}, network), ...expected })
    expect(cellOf({ ...network, update: { eta: 0.1, ...update } }).kernel).toBe(4)
  })

  test.each([
    { clip: '.inf' },
    { clip: 'inf' },
    { decoupledDecay: 0 },
    { sam: { rho: 0 } },
    { warmup: 0 },
    { warmup: 1 },
    { etaByLayer: [1, 1] },
  ])('%j changes nothing, so the cell is the same', (update) => {
    const [cell, plain] = [update, {}].map((keys) => cellOf({ ...network, update: { eta: 0.1, ...keys } }))
    expect(cellId(cell!)).toBe(cellId(plain!))
  })

  test('factors of eta: one for each layer of weights, and only of a network', () => {
    const wrong = (etaByLayer: unknown) => mistakeOf({ ...network, update: { eta: 0.1, etaByLayer } })
    expect(wrong([2, 3])).toBe('nothing was thrown')
    for (const factors of [[2], [2, 3, 4], []]) expect(wrong(factors)).toContain('2 factors, one for each layer')
    expect(wrong([2, -1])).toContain('update.etaByLayer.1')
    expect(mistakeOf({ update: { eta: 0.1, etaByLayer: [2, 3] } })).toContain('only a network has layers')
  })

  test('infinity is swept beside numbers, as YAML writes it', () => {
    const spec = { ...network, version: 1, name: 'clips', trials: 1, update: { eta: 0.1 } }
    const text = JSON.stringify({ ...spec, sweep: { 'update.clip': [1, 'INF'] } }).replace('"INF"', '.inf')
    const cells = [...parseSweep(text, { fileName: 'clips.yaml' }).cells()]
    expect(cells.map(({ cell, params }) => [cell.update.clip, params['update.clip']])).toEqual([
      [1, 1],
      [undefined, '.inf'],
    ])
  })

  test('stay with the other keys in a sweep', () => {
    const sweep = plan({ ...flat, update: { eta: 0.1, clip: 3 }, sweep: { 'update.eta': [0.1, 0.2] } })
    expect([...sweep.cells()].map(({ cell }) => [cell.update.eta, cell.update.clip])).toEqual([
      [constant(0.1), 3],
      [constant(0.2), 3],
    ])
  })
})

describe('drifts', () => {
  const driftOf = (drift: object, change: object = {}) => updateOf({ drift }, change).drift[0]
  const plain = { law: { kind: 'gaussian' }, isotropic: false, amount: constant(1), when: null, every: 1 }
  const { isotropic: _, ...scalar } = plain

  test.each([
    [{ sigma: 1 }, { form: 'additive', scale: 'sigma', ...plain }],
    [{ step: 1 }, { form: 'additive', scale: 'step', ...plain }],
    [
      { form: 'multiplicative', sigma: 1 },
      { form: 'multiplicative', ...plain },
    ],
    [
      { form: 'loss-scaled', sigma: 1 },
      { form: 'loss-scaled', ...plain },
    ],
    [
      { form: 'rate', sigma: 1, law: 'cauchy' },
      { form: 'rate', ...scalar, law: { kind: 'cauchy' } },
    ],
    [
      { form: 'rotation', sigma: 1 },
      { form: 'rotation', ...scalar },
    ],
    [
      { form: 'flip', q: 1 },
      { form: 'flip', amount: constant(1), when: null, every: 1 },
    ],
    [
      { form: 'flip', probability: 0.5 },
      { form: 'flip', amount: constant(0.5), when: null, every: 1 },
    ],
    [
      { sigma: 1, when: '(loss>T)&&x[1]<d', every: '= 2*5' },
      { form: 'additive', scale: 'sigma', ...plain, when: 'loss > 0.25 && x[1] < 2', every: 10 },
    ],
  ])('%j', (drift, expected) => {
    expect(driftOf(drift, { let: { T: 0.25 }, start: ['= 0*T', 0] })).toEqual(expected)
  })

  test.each([
    [{ law: 'laplace' }, { kind: 'laplace' }, false],
    [{ law: 'laplace', isotropic: true }, { kind: 'laplace' }, true],
    [{ law: 'gaussian', isotropic: true }, { kind: 'gaussian' }, false],
    [{ law: 'sphere' }, { kind: 'sphere' }, true],
    [{ law: 'ball', isotropic: false }, { kind: 'ball' }, true],
    [{ law: 'student', nu: 3 }, { kind: 'student', nu: 3 }, false],
    [{ law: { student: { nu: '= 6/2' } }, isotropic: true }, { kind: 'student', nu: 3 }, true],
    [{ law: { stable: { alpha: 1.5 } } }, { kind: 'stable', alpha: 1.5 }, false],
    [{ law: 'stable', alpha: 2 }, { kind: 'stable', alpha: 2 }, false],
  ])('%j', (change, law, isotropic) => {
    expect(driftOf({ sigma: 1, ...change })).toMatchObject({ law, isotropic })
  })

  test.each([
    [
      {
        S: [
          [1, 0],
          ['= 1/2', 2],
        ],
      },
      {
        kind: 'matrix',
        rows: [
          [1, 0],
          [0.5, 2],
        ],
      },
    ],
    [
      {
        matrix: [
          [1, 0],
          [0, 2],
        ],
      },
      {
        kind: 'matrix',
        rows: [
          [1, 0],
          [0, 2],
        ],
      },
    ],
    [{ S: [1, 2] }, { kind: 'diagonal', values: [1, 2] }],
    [{ diagonal: [1, 2] }, { kind: 'diagonal', values: [1, 2] }],
    [{ S: { hessian: {} } }, { kind: 'hessian', at: 'start', power: 0.5, trace: null }],
    [{ hessian: { at: 'current', power: 1, trace: 2 } }, { kind: 'hessian', at: 'current', power: 1, trace: 2 }],
  ])('%j', (change, shape) => {
    expect(driftOf({ form: 'anisotropic', sigma: 1, ...change })).toEqual({ form: 'anisotropic', ...plain, shape })
  })

  test('the covariance of single samples', () => {
    const network = { landscape: { network: { layers: [2, 2, 1], data: { preset: 'xor' } } }, start: { init: 'he' } }
    const shape = { kind: 'covariance', at: 'current', power: 0.5, trace: 3 }
    const drift = { form: 'anisotropic', sigma: 1, S: { covariance: { at: 'current', trace: 3 } } }
    expect(driftOf(drift, network)).toMatchObject({ shape })
  })

  test('are swept, entries and subtrees', () => {
    const sweep = plan({
      ...flat,
      update: { eta: 0.1, drift: [{ sigma: 1 }, { form: 'flip', q: 0 }] },
      sweep: {
        'update.drift.0': [{ sigma: 2 }, { form: 'anisotropic', sigma: 1, S: [1, 2] }],
        'update.drift.1.q': [0, { exponential: { initial: 1, rate: 0.5 } }],
      },
    })
    expect(
      [...sweep.cells()].map(({ cell }) => cell.update.drift.map(({ form, amount }) => [form, amount.kind])),
    ).toEqual([
      [
        ['additive', 'constant'],
        ['flip', 'constant'],
      ],
      [
        ['additive', 'constant'],
        ['flip', 'exponential'],
      ],
      [
        ['anisotropic', 'constant'],
        ['flip', 'constant'],
      ],
      [
        ['anisotropic', 'constant'],
        ['flip', 'exponential'],
      ],
    ])
  })

  test('a condition follows the landscape that is swept', () => {
    const sweep = plan({
      landscape: { preset: 'quadratic' },
      start: { uniform: { low: -1, high: 1 } },
      update: { eta: 0.1, drift: { sigma: 1, when: 'x[d] > 0' } },
      sweep: { 'landscape.dimension': [1, 2, 3] },
    })
    expect([...sweep.cells()].map(({ cell }) => cell.update.drift[0]!.when)).toEqual([
      'x[1] > 0',
      'x[2] > 0',
      'x[3] > 0',
    ])
  })
})

test('a law without a spherical form refuses to be isotropic, at its place', () => {
  const drift = { law: 'laplace', isotropic: true, sigma: 1 }
  const kept = laws.laplace.isotropic
  const change = (isotropic: string) => Object.assign(laws.laplace, { isotropic })
  try {
    change('never')
    expect(mistakeOf({ update: { eta: 0.1, drift } })).toMatch(
      /^DRIFT .*: update\.drift\.isotropic: true: the distribution laplace has no spherical form; remove isotropic, or/,
    )
    expect(mistakeOf({ update: { eta: 0.1, drift: { ...drift, isotropic: false } } })).toBe('nothing was thrown')
  } finally {
    change(kept)
  }
  expect(mistakeOf({ update: { eta: 0.1, drift } })).toBe('nothing was thrown')
})
