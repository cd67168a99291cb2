import { parseSweep } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { refinedSpec } from './refine.ts'

const head = `# Two wells.
version: 1
name: wells-2
seed: 5
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: 0.1, drift: { sigma: 1 } }
trial: { steps: 20, escape: 'x >= 0' }
`
const grid = `${head}sweep:
  update.eta: { from: 0.01, to: 0.16, count: 5, scale: log } # small steps
  update.drift.sigma: [0.5, 1, 2]
  update.drift.law: [gaussian, laplace]
until: { estimate: escape, relative: 0.1 }
budget: 1000000
`
const read = (text: string) => parseSweep(text, { fileName: 'spec' })

/** The cells as a page has them: their values of the swept paths. */
function cellsOf(text: string) {
  const ids = [...read(text).ids()]
  return [...read(text).cells()].map(({ params }, at) => ({ id: ids[at]!, row: params }))
}
const inside = (text: string, keep: (row: Readonly<Record<string, unknown>>) => boolean) =>
  cellsOf(text).filter(({ row }) => keep(row))

describe('more trials', () => {
  test('for a rectangle: exactly its cells, each with the same id, so that their trials are reused', () => {
    const chosen = inside(grid, (row) => Number(row['update.eta']) > 0.015 && row['update.drift.law'] === 'laplace')
    const text = refinedSpec({ text: grid, name: 'wells-2', rows: chosen.map(({ row }) => row), trials: 5000 })
    const sweep = read(text)
    expect(chosen).toHaveLength(4 * 3)
    expect(new Set(sweep.ids())).toEqual(new Set(chosen.map(({ id }) => id)))
    expect(sweep).toMatchObject({ name: 'wells-3', seed: '5', maxTrials: 60_000n })
    expect(text).toContain('# Two wells.')
    expect(text).toContain('# small steps')
    expect(text).not.toMatch(/until|budget/)
    // The values are still a range.
    expect(text).toMatch(/update.eta: \{ from: 0.02, to: 0.16, count: 4, scale: log \}/)
  })

  test('for one cell, and for all', () => {
    const [first, ...others] = cellsOf(grid)
    const one = refinedSpec({ text: grid, name: 'a', rows: [first!.row], trials: 10 })
    expect([...read(one).ids()]).toEqual([first!.id])
    const all = refinedSpec({ text: grid, name: 'a', rows: [first!, ...others].map(({ row }) => row), trials: 10 })
    expect([...read(all).ids()]).toEqual([...read(grid).ids()])
  })

  test.each([
    [
      'zip',
      'zip: [{ update.eta: [0.1, 0.2, 0.3], trial.steps: [30, 20, 10] }]\nsweep: { update.drift.sigma: [1, 2] }\n',
    ],
    [
      'a design',
      'sobol: { count: 8, axes: { update.eta: { from: 0.01, to: 0.2 }, update.drift.sigma: { from: 1, to: 2 } } }\n',
    ],
    [
      'a table inside sweep',
      'sweep: { points: [{ update.eta: 0.1 }, { update.eta: 0.2 }], update.drift.sigma: [1, 2] }\n',
    ],
  ])('of %s: the chosen cells as a table', (_, axes) => {
    const text = `${head}${axes}trials: 10\n`
    const chosen = inside(text, (row) => Number(row['update.eta']) > 0.1)
    expect(chosen.length).toBeGreaterThan(1)
    const refined = refinedSpec({ text, name: 'a', rows: chosen.map(({ row }) => row), trials: 100 })
    expect(new Set(read(refined).ids())).toEqual(new Set(chosen.map(({ id }) => id)))
  })
})

describe('a finer grid', () => {
  const finer = new Map([
    ['update.eta', { isLog: true }],
    ['update.drift.sigma', { isLog: false }],
  ])

  test('has the old cells and those between them', () => {
    const chosen = inside(grid, (row) => row['update.drift.law'] === 'laplace')
    const sweep = read(refinedSpec({ text: grid, name: 'a', rows: chosen.map(({ row }) => row), finer }))
    const ids = new Set(sweep.ids())
    expect(sweep.cellCount).toBe(9 * 5)
    expect(chosen.every(({ id }) => ids.has(id))).toBe(true)
    const values = (path: string) => [...new Set([...sweep.cells()].map(({ params }) => params[path]))]
    expect(values('update.drift.sigma')).toEqual([0.5, 0.75, 1, 1.5, 2])
    expect(values('update.eta')).toHaveLength(9)
    // The request is that of the sweep.
    expect(sweep.demand).toEqual(read(grid).demand)
  })

  test('of whole numbers has whole numbers, without repetition', () => {
    const text = `${head}sweep: { trial.steps: [1, 2, 5, 10] }\ntrials: 10\n`
    const rows = cellsOf(text).map(({ row }) => row)
    const made = read(refinedSpec({ text, name: 'a', rows, finer: new Map([['trial.steps', { isLog: false }]]) }))
    expect([...made.cells()].map(({ params }) => params['trial.steps'])).toEqual([1, 2, 4, 5, 8, 10])
  })

  test('of a table is refused, with the reason', () => {
    const text = `${head}points: [{ update.eta: 0.1 }, { update.eta: 0.2 }]\ntrials: 10\n`
    const rows = cellsOf(text).map(({ row }) => row)
    expect(() => refinedSpec({ text, name: 'a', rows, finer })).toThrow(/only if every axis of the sweep is a list/)
  })
})
