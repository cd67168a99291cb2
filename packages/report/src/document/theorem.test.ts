import type { Certificate, TheoremAnswer } from '@driftfarm/theory'
import { expect, test } from 'vitest'
import { documents } from '../documents.generated.ts'
import { issuesOf, read } from '../fixtures/issues.ts'
import { envelope } from './define.ts'
import { renderTheorem, theoremCell } from './theorem.ts'

test('a Theorem document matches its schema', () => {
  const answer: TheoremAnswer = {
    dimension: 2,
    minimum: { point: [-1, 1], name: 'left', loss: 0, gradnorm: 0, error: 0 },
    start: { distance: 0.1, random: false },
    set: { kind: 'ball', among: [0, 1], radius: 0.3, chosen: 'escape' },
    escape: { kind: 'ball', ends: 'both', text: 'escape is leaving the ball' },
    curvature: { radius: 0.3, mu: Number.NEGATIVE_INFINITY, lambda: 4, meanMu: 1, meanLambda: 3, how: 'estimate' },
    statement: 'additive',
    conditions: [1, 2, 3].map((number) => ({
      number: number as 1 | 2 | 3,
      holds: number < 3,
      numbers: { rho: 0.9 },
      text: `condition ${number}`,
    })),
    steps: 100,
    bounds: {
      stay: 0.9,
      escape: 0.1,
      upper: 0.07,
      lower: 1e-5,
      error: 1e-13,
      missing: null,
      union: 0.11,
      exponential: 0.5,
      doob: 3,
      certificate: 0.02,
    },
    certificate: {
      escape: 0.02,
      by: 'solution',
      among: [0, 1],
      nodes: 400,
      spacing: 0.1,
      followed: 120,
      growth: 1e-4,
      explicit: { beta: 8, betaT: 0.9, level: 0.25, growth: 1e-3, escape: 0.1 },
    },
    convergence: { s: 0.97, escape: 0.03, steps: 100, after: 0.01 },
    vanishing: { alpha: Number.POSITIVE_INFINITY, stay: 1, escape: 0, text: 'no step leads away' },
    forever: {
      stay: 0.8,
      escape: 0.2,
      terms: 64,
      tail: 1e-9,
      restart: { atZero: 0.9, half: 0.2, measured: { rows: 3, value: 0.5, low: 0.1, high: 0.9 } },
    },
    leaves: false,
    horizon: { delta: 0.05, steps: 142 },
    measure: 'escape: {outside: {radius: 0.3, of: left}}',
  }
  const measured = {
    sweep: 'wells',
    trials: 1000,
    value: 0.02,
    low: 0.012,
    high: 0.031,
    confidence: 0.95,
    method: 'clopper-pearson',
    sameEvent: true,
  } as const
  const origin = { index: 0, id: 'd'.repeat(32), params: { 'update.eta': 0.1 } }
  const cell = theoremCell(origin, answer, measured)
  const document = read(envelope('Theorem', { sweep: { name: 'wells' }, cells: [cell] }))
  expect(issuesOf(documents.Theorem, document)).toEqual([])
  document.data.cells[0].bounds.stay = 2
  expect(issuesOf(documents.Theorem, document)).toEqual(['/data/cells/0/bounds/stay: too_big'])
  const text = renderTheorem(cell)
  expect(text).toContain('cell 0 (update.eta=0.1): the ball of radius 0.3')
  expect(text).toMatch(/^3\. fails: condition 3$/m)
  expect(text).toMatch(/^leaves at most +0\.07 /m)
  expect(text).toMatch(/^measured +0\.020 +\[0\.012, 0\.031\] +1000 trials of wells, 95 %$/m)
  // A bound that is nearly exact is below the measured value about half of the time.
  const beside = (value: number, low: number, high: number) =>
    renderTheorem(theoremCell(origin, answer, { ...measured, value, low, high })).match(
      /proven by Theorem 2, (.*)$/m,
    )![1]
  expect(beside(0.01, 0.005, 0.02)).toMatch(/^2 times the measured 0\.010$/)
  expect(beside(0.022, 0.014, 0.033)).toBe('within the interval of the measured 0.022 [0.014, 0.033]')
  expect(beside(0.05, 0.04, 0.06)).toBe(
    'but the measured 0.050 [0.040, 0.060] is above the bound: by chance, or because of a defect',
  )
  // The best bound comes first, with its proof; a weaker one is shown only if it adds something.
  expect(text).toMatch(/escape within 100 steps is at most 0\.02, proven by Theorem 2.*^leaves at most/ms)
  expect(text).toMatch(/^product +0\.1 +in closed form: 1 - s_N, s_N = 0\.9$/m)
  expect(text).toMatch(/^exponential +0\.5 /m)
  expect(text).not.toMatch(/^(union|certificate|Doob) /m)
  expect(text).not.toContain('beta T')
  const closed = { ...answer.certificate, by: 'exponential', escape: 0.1 } as Certificate
  expect(renderTheorem(theoremCell(origin, { ...answer, certificate: closed }, null))).toContain('beta T = 0.9')
  const ball = { ...answer.certificate, by: 'ball', escape: 0.1 } as Certificate
  const byBall = (upper: number | null) =>
    renderTheorem(theoremCell(origin, { ...answer, bounds: { ...answer.bounds!, upper }, certificate: ball }, null))
  expect(byBall(0.07)).toContain('at most 0.07, by Theorem 1 (1 - S_N(rho))')
  expect(byBall(null)).toContain('at most 0.1, by Theorem 1 (1 - s_N)')
  const none = { ...answer.bounds!, upper: 1, escape: 1, exponential: 1 }
  expect(renderTheorem(theoremCell(origin, { ...answer, bounds: none }, null))).toMatch(
    /^probability of leaving the ball within 100 steps: no upper bound below 1\nbound .*\nleaves at least/m,
  )
  expect(text).toContain('converges to this minimum without having escaped, with probability >= s = 0.97')
  expect(text).toContain('Theorem 1 does not apply to this cell')
  expect(text).toContain('s_inf = 0.8')
  expect(text).not.toContain('to measure')
  const noisy = renderTheorem(theoremCell(origin, { ...answer, statement: 'minibatch' }, measured))
  expect(noisy).toContain('Theorem 3 does not apply to this cell')
  expect(noisy).toMatch(/^exponential +0\.5 +any sub-Gaussian noise with this scale$/m)
  expect(renderTheorem(theoremCell(origin, answer, { ...measured, sameEvent: false }))).toContain('a different event')
  expect(renderTheorem(theoremCell(origin, answer, null))).toContain('to measure the event of the bounds')
})
