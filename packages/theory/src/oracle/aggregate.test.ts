import { expect, test } from 'vitest'
import { visitsByAggregation } from './aggregate.ts'
import type { FiniteChain } from './finiteChain.ts'
import { RunMatrix } from './runMatrix.ts'
import { visitsByElimination } from './visits.ts'

/** A walk on 40 states in two wells that rarely change: 1e-9 a step. It ends at either end. */
function wells(): FiniteChain {
  const size = 40
  const matrix = new RunMatrix(size, size, 1000)
  const ended = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    const up = i === 19 ? 1e-9 : 0.3
    const down = i === 20 ? 1e-9 : 0.3
    if (i === 0) ended[i] = 1e-4
    if (i === size - 1) ended[i] = 1e-4
    const run = [...(i > 0 ? [down] : []), 0.3, ...(i < size - 1 ? [up] : [])]
    matrix.run(Math.max(0, i - 1), run.length).set(run)
    // What is left stays.
    matrix.run(i, 1).set([1 - ended[i]! - run.reduce((sum, x) => sum + x, 0)])
    matrix.endRow()
  }
  const mass = new Float64Array(size)
  mass[5] = 1
  const stage = { matrix, absorbed: [ended], ended, lost: new Float64Array(size) }
  return {
    size,
    first: { mass, absorbed: [0], ended: 0, lost: 0 },
    stage: () => stage,
    isStationary: true,
    stands: [null],
    groups: Int32Array.from({ length: size }, (_, i) => Math.floor(i / 4)),
  }
}

test('aggregation and elimination give the same visits, rare places included', () => {
  const chain = wells()
  const exact = visitsByElimination(chain, chain.stage(1)).from(chain.first.mass)
  const found = visitsByAggregation(chain, chain.groups!).from(chain.first.mass)
  let largest = 0
  for (let i = 0; i < chain.size; i++) largest = Math.max(largest, Math.abs(found[i]! / exact[i]! - 1))
  expect(largest).toBeLessThan(1e-11)
  // All mass ends, and the far well is visited a thousand times less.
  const ends = (visits: Float64Array) => visits[0]! * 1e-4 + visits[39]! * 1e-4
  expect(ends(exact)).toBeCloseTo(1, 12)
  expect(exact[39]! / exact[0]!).toBeLessThan(1e-2)
  expect(exact[39]).toBeGreaterThan(0)
})
