import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tallyOf } from '../scalar/run.ts'
import type { RecordLayout } from './outcome.ts'
import type { Outcome } from './record.ts'
import { addTallies, binStart, jointPlace, stepBin } from './tally.ts'

const step = fc.oneof(
  fc.integer({ min: 1, max: 5000 }),
  fc.maxSafeInteger().map((n) => 1 + (Math.abs(n) % 10 ** 12)),
)

describe('bins of steps', () => {
  it('hold the steps between their starts', () => {
    fc.assert(
      fc.property(step, (n) => {
        const bin = stepBin(n)
        expect(binStart(bin)).toBeLessThanOrEqual(n)
        expect(binStart(bin + 1)).toBeGreaterThan(n)
      }),
    )
  })

  it('are single steps below 64 and at most 1/32 wide after that', () => {
    for (let n = 1; n < 64; n++) expect([stepBin(n), binStart(n)]).toEqual([n, n])
    for (let bin = 64; bin < 1150; bin++)
      expect((binStart(bin + 1) - binStart(bin)) * 32).toBeLessThanOrEqual(binStart(bin))
  })
})

describe('what a tally tells of escapes, ends and marks together', () => {
  const layout: RecordLayout = {
    exits: [''],
    minima: ['left', 'right'],
    classes: [],
    marks: ['near'],
    bytes: 56,
    horizon: 100,
  }
  const trial = {
    end: 'undecided',
    exit: null,
    settled: null,
    class: null,
    escapedAt: null,
    convergedAt: null,
    steps: 100,
  } as const
  const rest = { loss: 0, distance: 0 }
  const outcomes: Outcome[] = [
    { ...trial, ...rest, marks: { near: null } },
    // Went on after its escape, and diverged.
    { ...trial, ...rest, end: 'diverged', exit: '', escapedAt: 20, steps: 60, marks: { near: 50 } },
    { ...trial, ...rest, end: 'converged', settled: 'right', convergedAt: 40, steps: 40, marks: { near: null } },
    { ...trial, ...rest, end: 'escaped', exit: '', escapedAt: 35, steps: 35, settled: 'other', marks: { near: 5 } },
  ]
  const tally = outcomes.map((outcome) => tallyOf(outcome, layout, [30])).reduce(addTallies)

  it('steps at risk end with the first escape, or with the trial', () => {
    expect(tally.atRisk).toBe(100n + 20n + 40n + 35n)
    expect(tally.horizons[0]).toMatchObject({ atRisk: 70n + 0n + 10n + 5n, departed: 1 })
  })

  it('joint counts by escaped, end and settled', () => {
    expect(tally.joint).toEqual([
      [jointPlace(false, 1, 2, 2), 1],
      [jointPlace(false, 3, 0, 2), 1],
      [jointPlace(true, 0, 3, 2), 1],
      [jointPlace(true, 2, 0, 2), 1],
    ])
    expect(jointPlace(true, 3, 3, 2)).toBe(31)
  })

  it('steps up to a mark, or of the whole trial', () => {
    expect(tally.markSteps).toEqual([
      {
        steps: 100n + 50n + 40n + 5n,
        stepsSquared: 10000n + 2500n + 1600n + 25n,
        reached: 55n,
        reachedSquared: 2525n,
      },
    ])
  })
})
