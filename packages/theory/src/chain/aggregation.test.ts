import { expect, test } from 'vitest'
import { settleByAggregation, visitsByAggregation } from './aggregation.ts'
import { settle, visitsByElimination } from './elimination.ts'
import { leaving, type NodeChain, RunMatrix } from './finiteChain.ts'

/** A walk on 40 states in two wells that rarely change: 1e-9 a step. It ends at either end. */
function wells(): NodeChain {
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
    first: { mass, absorbed: [0], lost: 0 },
    stage: () => stage,
    isStationary: true,
    stands: [null],
    entriesAt: () => matrix.entries,
    computed: () => 0,
    groups: Int32Array.from({ length: size }, (_, i) => Math.floor(i / 4)),
  }
}

test('aggregation and elimination give the same visits, rare places included', () => {
  const chain = wells()
  const exact = visitsByElimination(chain.stage(1))(chain.first.mass)
  const found = visitsByAggregation(chain)
  let largest = 0
  for (let i = 0; i < chain.size; i++) largest = Math.max(largest, Math.abs(found[i]! / exact[i]! - 1))
  expect(largest).toBeLessThan(1e-11)
  // All mass ends, and the far well is visited a thousand times less.
  const ends = (visits: Float64Array) => visits[0]! * 1e-4 + visits[39]! * 1e-4
  expect(ends(exact)).toBeCloseTo(1, 12)
  expect(exact[39]! / exact[0]!).toBeLessThan(1e-2)
  expect(exact[39]).toBeGreaterThan(0)
})

test('and the same quasi-stationary law, though two wells lose almost alike', () => {
  const chain = wells()
  const stage = chain.stage(1)
  const exact = settle(leaving(stage), visitsByElimination(stage), chain.first.mass)
  const begin = visitsByAggregation(chain)
  const found = settleByAggregation(chain, begin)
  // By symmetry both wells hold half; that they do so tells the rate next to nothing, so it is known better.
  const half = (mass: Float64Array) => mass.subarray(0, 20).reduce((sum, part) => sum + part, 0)
  expect(half(exact.mass)).toBeCloseTo(0.5, 3)
  expect(half(found.mass)).toBeCloseTo(0.5, 3)
  expect(Math.abs(found.rate / exact.rate - 1)).toBeLessThan(1e-12)
  for (let i = 0; i < chain.size; i++) expect(Math.abs(found.mass[i]! / exact.mass[i]! - 1)).toBeLessThan(1e-3)
  // A step of the law is the law again, less what ends.
  const next = new Float64Array(chain.size)
  chain.stage(1).matrix.applyLeft(found.mass, next)
  for (let i = 0; i < chain.size; i++)
    expect(Math.abs(next[i]! / (found.mass[i]! * (1 - found.rate)) - 1)).toBeLessThan(1e-11)
})
