import { expect, it } from 'vitest'
import { beginningOf, cellReader } from './identity.ts'
import { parseSweep } from './parseSweep.ts'

const sweep = parseSweep(
  `
version: 1
name: read
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: 0.1, drift: { sigma: 0.5 } }
trial: { steps: 100, escape: x >= 0 }
sweep: { update.eta: [0.1, 0.2], trial.steps: [10, 20] }
trials: 10
`,
  { fileName: 'read.yaml' },
)

it('reads every cell as it is, and shares what neighbours have in common', () => {
  const read = cellReader()
  const cells = [...sweep.cells()]
  const found = cells.map(({ canonical }) => read(canonical))
  expect(found).toEqual(cells.map(({ canonical }) => JSON.parse(canonical)))
  expect(found.map((cell) => Object.keys(cell))).toEqual(
    cells.map(({ canonical }) => Object.keys(JSON.parse(canonical) as object)),
  )
  const texts = cells.map(({ canonical }) => beginningOf(canonical))
  for (let i = 1; i < cells.length; i++) expect(found[i]!.trial === found[i - 1]!.trial).toBe(texts[i] === texts[i - 1])
})

it('reads a text without an update too', () => {
  expect(beginningOf('{"kernel":1}')).toBe('')
  expect(cellReader()('{"kernel":1}')).toEqual({ kernel: 1 })
})
