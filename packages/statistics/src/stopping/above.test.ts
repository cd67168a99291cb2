import { expect, test } from 'vitest'
import { checkPoints } from '../cell/guard.ts'
import { binomialMass } from '../fixtures/binomialMass.ts'
import { clopperPearson } from '../interval/fixedSize.ts'
import { logRatio, sideOf } from './above.ts'

const rule = { rule: 'above', estimate: 'escape', above: 0.1, indifference: 0.25 } as const

test('the likelihood ratio by hand', () => {
  // 12 events in 100 trials: 12 ln(0.125/0.075) + 88 ln(0.875/0.925).
  expect(logRatio(12, 100, rule)).toBeCloseTo(12 * Math.log(5 / 3) + 88 * Math.log(35 / 37), 12)
  expect([sideOf(40, 200, rule, 0.05), sideOf(4, 200, rule, 0.05), sideOf(20, 200, rule, 0.05)]).toEqual([
    'above',
    'below',
    null,
  ])
})

type Side = ReturnType<typeof sideOf>
const wald = (alpha: number) => (k: number, n: number) => sideOf(k, n, rule, alpha)

/** Exact probabilities of the answers when one looks at the given numbers of trials. */
function answers(p: number, looks: readonly number[], answer: (k: number, n: number) => Side) {
  const sum = { above: 0, below: 0 }
  let walking = new Map([[0, 1]])
  let before = 0
  for (const n of looks) {
    const next = new Map<number, number>()
    for (const [from, mass] of walking)
      for (let more = 0; more <= n - before; more++) {
        const share = mass * binomialMass(more, n - before, p)
        if (share > 1e-15) next.set(from + more, (next.get(from + more) ?? 0) + share)
      }
    for (const [k, mass] of [...next]) {
      const side = answer(k, n)
      if (side === null) continue
      sum[side] += mass
      next.delete(k)
    }
    walking = next
    before = n
  }
  return sum
}

const each = Array.from({ length: 1200 }, (_, i) => i + 1)
const points = checkPoints(20, 1200)

/** Exact, so no seed and no false alarm. */
test.each([
  ['after each trial', each],
  ['at check points', points],
])('looked at %s, a wrong answer is as rare as asked', (_, looks) => {
  for (const alpha of [0.05, 0.01]) {
    expect(answers(0.075, looks, wald(alpha)).above).toBeLessThanOrEqual(alpha)
    expect(answers(0.05, looks, wald(alpha)).above).toBeLessThanOrEqual(alpha)
    expect(answers(0.125, looks, wald(alpha)).below).toBeLessThanOrEqual(alpha)
    expect(answers(0.2, looks, wald(alpha)).below).toBeLessThanOrEqual(alpha)
  }
})

test('away from the threshold there is an answer', () => {
  expect(answers(0.05, points, wald(0.05)).below).toBeGreaterThan(0.99)
  expect(answers(0.2, points, wald(0.05)).above).toBeGreaterThan(0.99)
})

test('a plain test at 5 % in each look is wrong far more often: the negative control', () => {
  const plain = (k: number, n: number): Side => (clopperPearson(k, n, 0.9).low > 0.075 ? 'above' : null)
  expect(answers(0.075, points, plain).above).toBeGreaterThan(0.1)
})
