import { expect, test } from 'vitest'
import { cell, resultsData, streamOf, textOf } from '../fixtures/results.ts'
import { streamTable } from './resultsTable.ts'

const tableOf = (data: Parameters<typeof streamOf>[0], options?: Parameters<typeof streamTable>[1]) =>
  textOf(streamTable(streamOf(data), options))

const sweep = { id: '', name: 'many', state: 'complete', seed: '1' } as const
const doubt = [{ name: 'stability', verdict: 'doubtful', text: 'too long a step', hint: null }] as const

/** Cells whose probability is largest in cell 321, smallest in cell 123, and doubtful in cell 77. */
const cells = Array.from({ length: 500 }, (_, index) => {
  const events = index === 321 ? 900 : index === 123 ? 1 : 100
  return { ...cell(index, { 'let.T': index }, events, 1000), checks: index === 77 ? doubt : [] }
})
const data = resultsData(sweep, cells)

const shown = (text: string) => [...text.matchAll(/^ *(\d+) +\d+ +1000 /gm)].map(([, index]) => Number(index))

test('a terminal shows the first, the last and the most informative of many cells, and how many more', async () => {
  const text = await tableOf(data, { most: 200 })
  const rows = shown(text)
  expect(rows.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(rows.slice(-10)).toEqual([490, 491, 492, 493, 494, 495, 496, 497, 498, 499])
  for (const index of [77, 123, 321]) expect(rows).toContain(index)
  expect(text.match(/^\.\.\.$/gm)).toHaveLength(4)
  expect(text.replaceAll('\n', ' ')).toContain(
    `${500 - rows.length} of 500 cells are left out. The table shows the first and last 10 cells, the 5 with the ` +
      'largest and the 5 with the smallest escape, 1 of the 1 marked ? or !; --all shows all.',
  )
  expect(text).toContain('500 cells')
})

test('a table of fewer cells, or one that is not for a terminal, has all cells', async () => {
  expect(shown(await tableOf(data))).toHaveLength(500)
  expect(await tableOf(data, { most: 500 })).toBe(await tableOf(data))
})
