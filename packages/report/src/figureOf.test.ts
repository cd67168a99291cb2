import { expect, test } from 'vitest'
import { type FigureOptions, layersOf } from './figure/figure.ts'
import { figureOf } from './figureOf.ts'
import { cell, resultsData } from './fixtures/results.ts'
import type { Source } from './source.ts'

const cells = [1, 2, 3, 4, 5].flatMap((eta, i) => [1, 2, 3].map((s, j) => cell(3 * i + j, { eta, s }, 3 * i + j, 50)))
const { sweep } = resultsData({ id: 'a'.repeat(32), name: 'named', state: 'running', seed: '1' }, cells)

const drawn = (kind: 'line' | 'map' | 'ends', options: FigureOptions, all = cells) => {
  const source = {
    withResults: (_: string, read: (results: unknown) => unknown) =>
      read({ head: { sweep }, cells: () => all, tail: async () => ({}) }),
    cell: async () => ({ sweep, cell: all[0], resolved: {} }),
  }
  return figureOf(source as unknown as Source, sweep.id, { kind, ...options })
}

test.each(['line', 'map', 'ends'] as const)(
  'the caption of a %s says its filter and how many cells meet it',
  async (kind) => {
    expect((await drawn(kind, { where: 'eta > 2' })).caption).toContain('eta > 2: 9 of 15 cells.')
    expect((await drawn(kind, {})).caption.join(' ')).not.toContain(' of 15 cells')
  },
)

test.each(['line', 'map', 'ends'] as const)('the marks of checks in a %s are those of finished cells', async (kind) => {
  const checks = [{ name: 'events', verdict: 'wrong', text: 'x', hint: null }] as never
  const doubted = cells.map((each, at) => ({ ...each, checks, stopped: at < 4 ? each.stopped : null }))
  const layers = layersOf(await drawn(kind, {}, doubted))
  const marked = JSON.stringify(layers).match(/"doubt":"wrong"/g)
  const finished = new Set(JSON.stringify(layers).match(/"cell":[0-3],/g))
  expect(marked).toHaveLength(finished.size)
})
