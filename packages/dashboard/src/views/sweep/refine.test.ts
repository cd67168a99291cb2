import { parseSweep } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { viewAxes } from './axes.ts'
import { boundarySpec, refinedSpec } from './refine.ts'

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

  test.each(['both', '{ both: { score: x, particles: 50, replicas: 8 } }'])(
    'of a sweep with method: %s: one method, or both',
    (method) => {
      for (const axes of [
        'sweep: { update.eta: [0.1, 0.2, 0.3] }',
        'points: [{ update.eta: 0.1 }, { update.eta: 0.2 }]',
      ])
        for (const chosen of [['direct'], ['splitting'], ['direct', 'splitting']]) {
          const text = `${head}method: ${method}\n${axes}\ntrials: 10\n`
          const cells = inside(text, (row) => chosen.includes(String(row.method)) && Number(row['update.eta']) < 0.25)
          const refined = read(refinedSpec({ text, name: 'a', rows: cells.map(({ row }) => row), trials: 100 }))
          expect(new Set(refined.ids())).toEqual(new Set(cells.map(({ id }) => id)))
          expect(cells).toHaveLength(2 * chosen.length)
        }
    },
  )

  test('of a threshold search: the visited cells as a table, without a search', () => {
    const sigma = 'update.drift.sigma: { from: 0.5, to: 1.5, count: 5 }'
    const grid = `${head}sweep: { update.eta: [0.1, 0.2], ${sigma} }\ntrials: 9\n`
    const chosen = inside(grid, (row) => Number(row['update.drift.sigma']) > Number(row['update.eta']) + 0.9)
    const over = 'threshold: { estimate: escape, equals: 0.5, over: { update.drift.sigma: { from: 0.5, to: 1.5 } }'
    const text = `${head}sweep: { update.eta: [0.1, 0.2] }\n${over}, within: 0.25 }\ntrials: 9\n`
    const refined = read(refinedSpec({ text, name: 'a', rows: chosen.map(({ row }) => row), trials: 100 }))
    expect(new Set(refined.ids())).toEqual(new Set(chosen.map(({ id }) => id)))
    expect(refined.cellCount).toBe(chosen.length)
  })

  test('of landscapes: the chosen landscape', () => {
    const [, rest] = head.split('landscape: { preset: double-well }\n')
    const other = '{ preset: tilted-double-well, parameters: { c: 0.1 } }'
    const axes = `sweep: { landscape: [{ preset: double-well }, ${other}], update.eta: [0.1, 0.2] }`
    const text = `version: 1\n${rest}${axes}\ntrials: 9\n`
    const chosen = cellsOf(text).slice(0, 2)
    const refined = read(refinedSpec({ text, name: 'a', rows: chosen.map(({ row }) => row), trials: 100 }))
    expect([...refined.ids()]).toEqual(chosen.map(({ id }) => id))
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

  test('of both methods has both methods', () => {
    const text = `${head}method: both\nsweep: { update.eta: [0.1, 0.2] }\ntrials: 10\n`
    const rows = cellsOf(text).map(({ row }) => row)
    const sweep = read(refinedSpec({ text, name: 'a', rows, finer }))
    expect([...sweep.cells()].map(({ params: { method } }) => method).sort()).toEqual([
      ...['direct', 'direct', 'direct'],
      ...['splitting', 'splitting', 'splitting'],
    ])
  })

  test('beside a table refines the lists', () => {
    const table = 'points: [{ update.eta: 0.1 }, { update.eta: 0.2 }]'
    const text = `${head}${table}\nsweep: { update.drift.sigma: [1, 1.5] }\ntrials: 10\n`
    const rows = cellsOf(text).map(({ row }) => row)
    const sigma = new Map([['update.drift.sigma', { isLog: false }]])
    expect(read(refinedSpec({ text, name: 'a', rows, finer: sigma })).cellCount).toBe(2 * 3)
    expect(() => refinedSpec({ text, name: 'a', rows, finer })).toThrow(
      /update.eta is part of a table, design or search/,
    )
  })
})

describe('a search for a boundary', () => {
  const axisOf = (text: string, path: string) => {
    const rows = cellsOf(text).map(({ row }) => row)
    return viewAxes({ index: rows.map((_, at) => at), params: { [path]: rows.map((row) => row[path]) } })[0]!
  }

  test('replaces the axis, for each value of the others', () => {
    const text = boundarySpec(grid, 'a', axisOf(grid, 'update.drift.sigma'), 'escape', 0.5)
    expect(text).toContain('equals: 0.5, over: { update.drift.sigma: { from: 0.5, to: 2 } }, within: 0.015')
    const sweep = read(text)
    expect(sweep).toMatchObject({ name: 'a-2', seed: '5' })
    // 5 step sizes and 2 laws, each with a grid of 129 points.
    expect(sweep.cellCount).toBe(5 * 2 * 129)
  })

  test('is direct', () => {
    const text = `${head}method: both\nsweep: { update.eta: [0.1, 0.2] }\ntrials: 10\n`
    expect(read(boundarySpec(text, 'a', axisOf(text, 'update.eta'), 'escape', 0.5)).cellCount).toBe(129)
  })
})
