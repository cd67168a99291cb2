import { describe, expect, test } from 'vitest'
import { cellOf, mistakeOf, plan } from '../plan/plan.fixture.ts'

const trialOf = (trial: object) => cellOf({ trial: { steps: 100, ...trial } }).trial
const descent = { gradient: 1e-9, eta: 0.01, steps: 100_000 }

test.each([
  [{}, { warmup: 0, quench: null, escape: null }],
  [{ warmup: '= 2*eta*100' }, { warmup: 20 }],
  [{ quench: false }, { quench: null }],
  [{ quench: true }, { quench: descent }],
  [{ quench: {} }, { quench: descent }],
  [{ quench: { gradient: 1e-6, eta: 0.1 } }, { quench: { gradient: 1e-6, eta: 0.1, steps: 100_000 } }],
  [{ escape: { basin: true } }, { escape: { kind: 'basin', every: 1, descent } }],
  [
    { escape: { basin: true, every: 25, gradient: 1e-6, eta: 0.1, steps: 9 } },
    { escape: { kind: 'basin', every: 25, descent: { gradient: 1e-6, eta: 0.1, steps: 9 } } },
  ],
  [{ escape: { when: 'x>0', every: 20 } }, { escape: { kind: 'exits', exits: [['', 'x > 0', 20]] } }],
  [{ escape: { when: 'x>0', every: 1 } }, { escape: { kind: 'exits', exits: [['', 'x > 0']] } }],
  [{ escape: { when: 'x>0' } }, { escape: { kind: 'exits', exits: [['when', 'x > 0']] } }],
  [
    { marks: { m: { when: 'x>0', every: 100 }, o: { when: 'x>0' } } },
    {
      marks: [
        ['m', 'x > 0', 100],
        ['o', 'x > 0'],
      ],
    },
  ],
  [
    { converge: { when: 'x>0', every: 2, hold: 50 } },
    { converge: { kind: 'when', when: 'x > 0', every: 2, hold: 50 } },
  ],
  [{ converge: { when: 'x>0', every: 1 } }, { converge: { kind: 'when', when: 'x > 0', hold: 1 } }],
  [{ classify: { c: { when: 'x>0', every: 3 } } }, { classify: [['c', 'x > 0', 3]] }],
  [{ escape: { basin: 'x > 0' } }, { escape: { kind: 'exits', exits: [['basin', 'x > 0']] } }],
  [
    { quench: true, classify: { good: 'quenchloss<1e-3 && loss < 1' } },
    { classify: [['good', 'quenchloss < 0.001 && loss < 1']] },
  ],
])('%j', (trial, expected) => {
  expect(trialOf(trial)).toMatchObject(expected)
})

describe('estimates', () => {
  const requested = (trial: object, estimates: string[], change: object = {}) =>
    plan({ trial: { steps: 100, ...trial }, estimates, ...change }).demand.estimates

  test.each([
    [{ converge: { within: 0.1 } }, ['settle:left', 'settle:other']],
    [{ quench: true }, ['settle:right', 'settle:other']],
    [{ escape: { basin: true } }, ['escape', 'escapeStep', 'stay', 'joint']],
    [{ marks: { m: 'x > 0' } }, ['mark:m', 'cost:m', 'joint']],
  ])('%j defines %j', (trial, names) => {
    expect(requested(trial, names)).toEqual(names)
  })

  test('those that have a step also at the horizons', () => {
    const trial = { escape: { up: 'x > 0' }, quench: true, marks: { m: 'x > 1' }, classify: { c: 'x > 0' } }
    const names = ['escape@50', 'exit:up@50', 'mark:m@10', 'diverge@10', 'stay@50']
    expect(requested(trial, names, { horizons: [10, 50] })).toEqual(names)
    for (const wrong of ['settle:left@50', 'class:c@50', 'escapeStep@50', 'escape@20', 'cost:m@50', 'joint@50']) {
      const change = { trial: { steps: 100, ...trial }, horizons: [10, 50], estimates: [wrong] }
      expect(mistakeOf(change)).toContain(`UNKNOWN_ESTIMATE a.json:1:`)
    }
  })

  test('settling needs minima', () => {
    const change = {
      landscape: { formula: { variables: ['x'], expression: 'x^2' } },
      trial: { steps: 9, quench: true },
    }
    expect(mistakeOf({ ...change, estimates: ['settle:other'] })).toContain('unknown estimate "settle:other"')
  })
})
