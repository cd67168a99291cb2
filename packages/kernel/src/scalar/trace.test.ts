import { expect, it } from 'vitest'
import { gallery } from '../agreement/gallery.fixture.ts'
import { decodeOutcome, layoutOf, runReference, traceReference } from '../index.ts'

it('a trace shows every state and ends with the outcome of the trial', () => {
  const cell = gallery['tilted, no drift, gradient']!
  const seen: { n: number; x: number; loss: number; gradnorm: number }[] = []
  const outcome = traceReference(cell, 7, ({ n, theta, loss, gradnorm }) =>
    seen.push({ n, x: theta[0]!, loss, gradnorm }),
  )
  expect(seen.map(({ n }) => n)).toEqual(Array.from({ length: outcome.steps + 1 }, (_, n) => n))
  expect(seen[0]!.x).toBe(0.3)
  expect(seen[1]!.x).toBe(0.3 - 0.1 * (0.3 * (0.3 * 0.3 - 1) + 0.1))
  expect(seen.at(-1)!.loss).toBe(outcome.loss)
  expect(seen.at(-1)!.gradnorm).toBeLessThanOrEqual(1e-6)
  expect(outcome).toEqual(decodeOutcome(runReference(cell, 7, 1, { horizons: [] }).records, layoutOf(cell), 0))
})
