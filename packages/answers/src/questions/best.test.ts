import { documentJson, documents } from '@driftfarm/report'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Farm } from '../../../coordinator/src/farm.fixture.ts'

let farm: Farm
beforeAll(async () => {
  farm = await Farm.running({ batch: 100 })
})
afterAll(() => farm.close())

const sweep = { 'update.drift.sigma': [1.5, 2, 3, 3.01] }

async function best(change: Record<string, unknown>, name: string, direction: 'max' | 'min') {
  const { id } = await farm.submit({ trials: 200, sweep, ...change })
  await farm.ends(id)
  const found = await farm.source.best({ sweep: id, of: name, direction })
  if ('known' in found) throw new Error(`no ${name}`)
  return { id, ...found }
}

test('the best cell has its own interval, the one over all cells, and a warning that says so', async () => {
  const { id, data, warnings } = await best({ name: 'plain' }, 'escape', 'max')
  const { cells } = (await farm.source.results(id)).data
  const largest = Math.max(...cells.map(({ estimates }) => estimates.escape!.value))
  expect(data).toMatchObject({ of: 'escape', among: 4, estimate: { value: largest } })
  expect(data.estimate).not.toHaveProperty('simultaneous')
  expect(data.simultaneous).toMatchObject({ value: largest, simultaneous: 4 })
  expect(data.simultaneous.low).toBeLessThan(data.estimate.low)
  expect(data.contenders).toContain(data.cell.index === 3 ? 2 : 3)
  expect(data.contenders).not.toContain(0)
  expect(warnings).toEqual([
    expect.stringContaining(`cell ${data.cell.index} was picked because its escape is the largest among 4 cells`),
  ])
  // Asked for: the same interval as what `simultaneous: true` gives, and then no warning.
  const shared = await best({ name: 'plain', simultaneous: true }, 'escape', 'max')
  expect(shared.data.estimate).toEqual(data.simultaneous)
  expect(shared.warnings).toEqual([])
})

test('the smallest; one cell alone is no choice; an unknown estimate names those that are there', async () => {
  const { data } = await best({ name: 'plain' }, 'escape', 'min')
  expect(data).toMatchObject({ direction: 'min', cell: { index: 0 } })
  const one = await best({ name: 'one', sweep: { 'update.drift.sigma': [2] } }, 'escape', 'max')
  expect(one).toMatchObject({ warnings: [], data: { among: 1, contenders: [] } })
  expect(await farm.source.best({ sweep: one.id, of: 'escap', direction: 'max' })).toEqual({
    known: ['diverge', 'escape', 'escapeRate', 'escapeStep', 'stay'],
  })
})

test('a mark that no trial reached costs infinitely many steps, which documents say', async () => {
  const trial = { steps: 20, escape: 'x >= 0', marks: { never: 'loss < -1000' } }
  const { data, warnings } = await best({ name: 'never', trial }, 'cost:never', 'min')
  expect(data.estimate).toMatchObject({ value: Number.POSITIVE_INFINITY, high: Number.POSITIVE_INFINITY, events: 0 })
  expect(data.estimate.gradients!.value).toBe(Number.POSITIVE_INFINITY)
  expect(data.estimate.low).toBeGreaterThan(20)
  expect(warnings).toEqual([expect.stringMatching(/its own interval \[\d+, ∞\] is too optimistic/)])
  const { estimate, simultaneous } = JSON.parse(documentJson(data))
  expect([estimate.value, estimate.high, estimate.gradients.high]).toEqual(['Infinity', 'Infinity', 'Infinity'])
  expect([simultaneous.value, simultaneous.high]).toEqual(['Infinity', 'Infinity'])
  expect(documents.Best.table(data)).toContain('cell 0')
})
