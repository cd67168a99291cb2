import { expect, test } from 'vitest'
import { envelope } from '../document/envelope.ts'
import type { PlanData } from '../document/plan.ts'
import { results } from '../fixtures/results.ts'
import { violations } from '../fixtures/violations.ts'
import { planSchema } from './plan.ts'
import { resultsSchema } from './results.ts'

const plan: PlanData = {
  sweep: { id: 'b'.repeat(32), name: 'phase-map', seed: '1' },
  cells: 1000000,
  trials: '1000000000000000000',
  upperBound: false,
  batches: 12,
  cpuSeconds: 3.5,
  done: { trials: '0', share: 0 },
  perCell: [
    {
      index: 0,
      id: 'c'.repeat(32),
      params: { 'update.eta': 0.1 },
      trials: 10,
      done: 0,
      reason: 'new: no trial of it is stored',
    },
  ],
}

/** As a reader sees it. */
const read = (document: unknown) => JSON.parse(JSON.stringify(document))

test('a Results document is what its schema says', () => {
  expect(violations(read(envelope('Results', results, ['a warning'])), resultsSchema)).toEqual([])
})

test('a Plan document is what its schema says', () => {
  expect(violations(read(envelope('Plan', plan)), planSchema)).toEqual([])
})

test('the check finds what is wrong', () => {
  const document = read(envelope('Results', results))
  document.data.sweep.seed = 20261124
  document.data.cells[0].estimates.escape.method = 'wald'
  document.data.cells[1].counts.extra = 1
  delete document.data.cells[2].digest
  expect(violations(document, resultsSchema)).toEqual([
    '/data/sweep/seed: not of type string',
    '/data/cells/0/estimates/escape/method: does not match the pattern',
    '/data/cells/1/counts/extra: unknown',
    '/data/cells/2/digest: missing',
  ])
})
