import type { Schedule } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { cellOf, formula } from '../agreement/cells.fixture.ts'
import { kernelOf, runReference } from '../index.ts'
import { tableLength } from '../memory/shape.ts'
import { type Pieces, valueAt } from '../model/schedule.ts'

/**
 * -theta_N of descent on the loss x from 0, without noise: the sum of the step sizes, exact while they are integers.
 */
async function sumOfSteps(eta: Schedule, steps: number): Promise<{ sum: number; digest: bigint; reference: bigint }> {
  const cell = cellOf({
    landscape: formula(['x'], 'x'),
    start: [0],
    update: { eta, drift: [] },
    trial: { steps, divergence: 1e300 },
  })
  const kernel = await kernelOf(cell)
  const { theta, digest } = kernel.run(0, 2, { keep: false, horizons: [], theta: true })
  return { sum: -theta![0]!, digest, reference: runReference(cell, 0, 2, { horizons: [] }).digest }
}

const expected = (points: Pieces, steps: number) =>
  Array.from({ length: steps }, (_, n) => valueAt(points, n)).reduce((sum, value) => sum + value, 0)

describe('a schedule by pieces', () => {
  it('has a value from its step on', () => {
    const points = [
      [0, 8],
      [3, 4],
      [4, 2],
    ] as const
    expect([0, 2, 3, 4, 5, 1e9].map((n) => valueAt(points, n))).toEqual([8, 8, 4, 2, 2, 2])
  })

  it.each([
    [
      'two pieces',
      [
        [0, 3],
        [4, 1],
      ],
      9,
    ],
    [
      'a piece that begins at the last step',
      [
        [0, 3],
        [8, 1],
      ],
      9,
    ],
    [
      'a piece that never begins',
      [
        [0, 3],
        [9, 1],
      ],
      9,
    ],
    ['1,000 pieces', Array.from({ length: 1000 }, (_, k) => [3 * k, 1 + ((k * k) % 97)] as const), 2_500],
    ['steps beyond the tables', Array.from({ length: 50 }, (_, k) => [1_500 * k, 1 + k] as const), tableLength + 7_001],
  ] as const)('is taken step by step: %s', async (_, points, steps) => {
    const { sum, digest, reference } = await sumOfSteps({ kind: 'piecewise', points }, steps)
    expect(sum).toBe(expected(points, steps))
    expect(digest).toBe(reference)
  })
})
