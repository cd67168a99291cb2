import { zeroTally } from '@driftfarm/kernel'
import { escapeCurve } from '@driftfarm/statistics'
import { expect, test } from 'vitest'
import { documents } from '../documents.generated.ts'
import { issuesOf } from '../fixtures/issues.ts'
import { textOf } from '../fixtures/results.ts'
import type { CurvesData } from './curves.ts'
import { envelope } from './define.ts'

const layout = { exits: [''], minima: [], classes: [], marks: [], bytes: 48, horizon: 100 }
const tally = {
  ...zeroTally(layout, []),
  trials: 1000,
  escaped: 300,
  escapeHistogram: [[10, 100] as const, [60, 200] as const],
}
const curve = escapeCurve(tally, layout, {
  confidence: 0.95,
  alpha: 0.05,
  divisor: 1,
  simultaneous: null,
  kind: 'fixed',
  interval: 'clopper-pearson',
})
const curves: CurvesData = {
  sweep: { id: 'a'.repeat(32), name: 'double-well', state: 'complete', seed: '1' },
  cells: [{ index: 3, id: 'c'.repeat(32), params: {}, trials: 1000, event: 'first escape', ...curve, ends: [] }],
}

async function* each() {
  yield* curves.cells
}
const stream = { head: { sweep: curves.sweep }, warnings: [], cells: each, tail: async () => ({}) }
const { streamed } = documents.Curves

test('curves as CSV and as JSON lines: one point per line, all digits', async () => {
  const lines = (await textOf(streamed.csv(stream))).trimEnd().split('\n')
  expect(lines[0]).toBe('cell,step,escaped,value,low,high,bandLow,bandHigh')
  expect(lines.slice(1).map((line) => line.split(',').slice(0, 4).join())).toEqual([
    '3,9,0,0',
    '3,10,100,0.1',
    '3,59,100,0.1',
    '3,60,300,0.3',
    '3,100,300,0.3',
  ])
  const points = (await textOf(streamed.jsonl(stream)))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(points).toEqual(curve.points.map((point) => ({ cell: 3, ...point })))
  expect(lines[2]).toBe(`3,${Object.values(curve.points[1]!).join()}`)
})

test('curves as a table, with the methods of the limits', async () => {
  expect(`\n${await textOf(streamed.table(stream))}`).toMatchInlineSnapshot(`
    "
    cell  step  escaped  value        low        high    bandLow   bandHigh
       3     9        0      0          0  0.00368208          0  0.0429469
       3    10      100    0.1  0.0821053    0.120288  0.0570531   0.142947
       3    59      100    0.1  0.0821053    0.120288  0.0570531   0.142947
       3    60      300    0.3   0.271721    0.329462   0.257053   0.342947
       3   100      300    0.3   0.271721    0.329462   0.257053   0.342947
    first escape; limits at each step: 95 % clopper-pearson; band over all steps: dkw
    "
  `)
})

test('a Curves document matches its schema', () => {
  expect(issuesOf(documents.Curves, envelope('Curves', curves))).toEqual([])
})
