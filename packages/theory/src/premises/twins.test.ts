import { isDoubt } from '@driftfarm/statistics'
import { describe, expect, test } from 'vitest'
import { answerOf } from './answer.fixture.ts'

type Spec = Readonly<Record<string, unknown>>

const gaussian = { form: 'additive', law: 'gaussian', sigma: 1 }
const well = (drift: unknown, more: Spec = {}): Record<string, unknown> => ({
  version: 1,
  name: 'twins',
  seed: 7,
  landscape: { preset: 'double-well' },
  start: { minimum: 'left' },
  update: { rule: 'gradient', eta: 0.1, drift },
  trial: { steps: 200, escape: 'x >= 0' },
  trials: 40,
  ...more,
})
const plane = (expression: string, start: readonly number[], drift: unknown, more: Spec = {}) =>
  well(drift, {
    landscape: { formula: { variables: ['x', 'y'], expression } },
    start,
    trial: { steps: 200, escape: 'x >= 0.5' },
    ...more,
  })
/** Fits three points exactly at a = 2, where every sample has the gradient 0. */
const line = (targets: readonly number[], more: Spec = {}) =>
  well('none', {
    landscape: {
      formula: {
        variables: ['a'],
        expression: '(a*u - t)^2',
        data: { columns: { u: [1, 2, 3], t: targets } },
      },
      batch: 1,
    },
    start: [2],
    trial: { steps: 20, escape: 'a >= 2.2' },
    ...more,
  })

const labels = (expression: string) => ({
  landscape: {
    formula: {
      variables: ['a'],
      expression,
      data: { columns: { u: [1, 2, 3], t: [1, 2, 3] }, targets: ['t'] },
      labelNoise: { sigma: 0.5 },
    },
  },
  start: [2.5],
})

async function controlOf(spec: Record<string, unknown>): Promise<string[]> {
  const { checks } = await answerOf(spec)
  const hints = checks.filter(({ name }) => ['events', 'interval', 'stop'].includes(name)).map(({ hint }) => hint)
  const wrong = checks.some(({ verdict }) => verdict === 'wrong')
  // More trials of a number that is wrong would only make it look right.
  if (wrong) expect(hints.every((hint) => hint === null)).toBe(true)
  return checks
    .filter((each) => each.name === 'control' && isDoubt(each))
    .map(({ verdict, text }) => `${verdict}: ${text}`)
}

describe('noise that cannot act', () => {
  const atRest = ['multiplicative', 'rate'].map((form) => ({ form, law: 'gaussian', sigma: 1 }))
  const cases: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
    ...atRest.map((drift) => [drift.form, well(drift), /proportional to the gradient, which is 0/] as const),
    ['flip', well({ form: 'flip', q: 0.001 }), /proportional to the gradient, which is 0/],
    ['loss-scaled', well({ form: 'loss-scaled', law: 'gaussian', sigma: 1 }), /root of the loss, which is 0/],
    [
      'rotation',
      plane('x^2 + y^2', [0, 0], { form: 'rotation', law: 'gaussian', sigma: 1 }),
      /proportional to the gradient, which is 0/,
    ],
    ['a condition', well({ ...gaussian, when: 'x > 3' }), /condition `when` never holds/],
    [
      'a schedule of 0',
      well({
        ...gaussian,
        sigma: {
          piecewise: [
            [0, 0],
            [500, 1],
          ],
        },
      }),
      /its scale is 0 at every step/,
    ],
    ['too small', well({ ...gaussian, sigma: 1e-17 }), /lost to rounding/],
    [
      'a Hessian of 0',
      plane(
        'x + y',
        [0, 0],
        { form: 'anisotropic', law: 'gaussian', sigma: 1, hessian: { at: 'start' } },
        {
          trial: { steps: 200, escape: 'x <= -1e6' },
        },
      ),
      /its matrix is 0/,
    ],
    [
      'a rule without g',
      well(gaussian, {
        start: [-1.5],
        update: {
          rule: { custom: { state: {}, step: { theta: 'theta - eta*(theta + 1)' } } },
          eta: 0.1,
          drift: gaussian,
        },
      }),
      /the rule does not use the quantity that the noise changes/,
    ],
    ['samples that agree', line([2, 4, 6]), /every batch has the same gradient/],
    [
      'labels that no gradient depends on',
      well('none', { ...labels('(a - 2)^2*u + t'), trial: { steps: 20, escape: 'a >= 2.6' } }),
      /with and without dropout and label noise.* it does not change the gradient where trials go/,
    ],
  ]
  // The fast tier takes every other case.
  test.each(cases.filter((_, at) => process.env.DRIFTFARM_TEST_TIER === 'full' || at % 2 === 0))(
    '%s',
    async (_, spec, reason) => {
      const said = await controlOf(spec)
      expect(said.join()).toMatch(/^wrong: .*the noise has no effect/)
      expect(said.join()).toMatch(reason)
    },
  )

  test('a scale of 0 is no mistake, but one end of an axis', async () => {
    expect(await controlOf(well({ ...gaussian, sigma: 0 }))).toEqual([])
  })

  test('one of two entries', async () => {
    const two = (second: unknown) => well([gaussian, second])
    expect(await controlOf(two({ ...gaussian, when: 'x > 300' }))).toEqual([
      expect.stringMatching(
        /^doubtful: entry 2 of the drift list \(additive\) has no effect, because .*`when` never holds/,
      ),
    ])
    expect(await controlOf(two({ form: 'flip', q: 0 }))).toEqual([])
    expect(await controlOf(two({ form: 'flip', q: 0.001 }))).toEqual([])
  })
})

describe('noise that acts, now and then or hardly', () => {
  test.each([
    ['small noise in a well', well({ ...gaussian, sigma: 1e-6 })],
    ['rare flips', well({ form: 'flip', q: 1e-4 }, { start: [-1.5], trial: { steps: 200, escape: 'x <= -1.6' } })],
    ['noisy labels', well('none', { ...labels('(a*u - t)^2'), trial: { steps: 20, escape: 'a >= 2.6' } })],
    ['a condition that holds late', well({ ...gaussian, when: 'step >= 150' })],
    ['at the last step alone', well({ ...gaussian, every: 199 })],
    [
      'a scale that comes late',
      well({
        ...gaussian,
        sigma: {
          piecewise: [
            [0, 0],
            [190, 1],
          ],
        },
      }),
    ],
    ['multiplicative noise on a slope', well({ form: 'multiplicative', law: 'gaussian', sigma: 1 }, { start: [-0.5] })],
    [
      'along one coordinate alone',
      plane('x^2 + y^2', [0, 0], { form: 'anisotropic', law: 'gaussian', sigma: 1, diagonal: [0, 1] }),
    ],
    ['samples that disagree', line([2, 4, 7])],
  ])('%s', async (_, spec) => {
    expect((await controlOf(spec)).filter((text) => text.includes('the noise has no effect'))).toEqual([])
  })
})
