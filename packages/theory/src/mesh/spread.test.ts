import { expect, test } from 'vitest'
import { driftLaw } from '../drift.ts'
import type { Region } from '../question/course.ts'
import type { Block, Mesh } from './lineMesh.ts'
import { nodesWithin, spreadStep } from './spread.ts'

const law = driftLaw({ kind: 'gaussian' }).scalar()
const region = {} as Region

/** Lines 0.25 apart, each with nodes 0.1 apart. */
const lines = Array.from({ length: 20 }, (_, i): Block => {
  const nodes = Float64Array.from({ length: 50 - i }, (_, j) => 0.1 * j)
  return { region, line: 0.25 * i, nodes, weights: nodes.map(() => 0.025), panels: [], from: 0, to: 5 }
})
const mesh: Mesh = { dimension: 2, blocks: lines }

test.each([
  { mean: [2, 2.5], scale: 0.3, reach: 4 },
  { mean: [0, 0], scale: 0.1, reach: 9 },
  { mean: [30, 0], scale: 0.1, reach: 9 },
])('the nodes that a step reaches are counted without their masses: from $mean', ({ mean, scale, reach }) => {
  const step = { law, scale, reach }
  for (const counts of [lines.map(() => true), lines.map((_, i) => i % 3 > 0)]) {
    let masses = 0
    spreadStep(mesh, mean, step, (block, _, found) => {
      if (counts[block]) masses += found.length
    })
    expect(nodesWithin(mesh, mean, step, counts)).toBe(masses)
  }
})
