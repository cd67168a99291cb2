import { documentJson, documents, envelope } from '@driftfarm/report'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Farm } from '../../coordinator/src/farm.fixture.ts'

let farm: Farm
beforeEach(async () => {
  farm = await Farm.running()
})
afterEach(() => farm.close())

test('a cell that a search did not visit is answered without trials', async () => {
  const over = { 'update.drift.sigma': { from: 0.5, to: 4 } }
  const { id } = await farm.submit({ threshold: { estimate: 'escape', equals: 0.2, over, within: 0.1 } })
  expect((await farm.ends(id)).cells.unvisited).toBeGreaterThan(0)
  const { index: visited } = await farm.source.cells({ sweep: id })
  const answered = await farm.source.cell({ sweep: id, cell: String(visited[0]) })
  expect(answered).toMatchObject({ state: 'met', cell: { index: visited[0] } })
  expect(answered.cell.trials).not.toBe(0)
  const place = visited.findIndex((index, at) => index !== at)
  const unvisited = await farm.source.cell({ sweep: id, cell: String(place) })
  expect(unvisited).toMatchObject({
    state: 'met',
    why: 'Done: the cell ended at 0 trials (unvisited).',
    cell: { index: place, trials: 0, estimates: {}, checks: [], stopped: { rule: 'unvisited' } },
  })
  expect(unvisited).not.toHaveProperty('curve')
  documents.Cell.shape.parse(JSON.parse(documentJson(envelope('Cell', unvisited, []))))
  await expect(farm.source.cell({ sweep: id, cell: '1000' })).rejects.toMatchObject({ code: 'CELL_NOT_FOUND' })
})
