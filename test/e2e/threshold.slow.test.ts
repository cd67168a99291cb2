import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OracleData, ResultsData, StatusData } from '@driftfarm/report'
import { parseSweep } from '@driftfarm/spec'
import { driftfarm, root } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const home = servedHome()

const example = join(root, 'examples/phase-boundary.yaml')
const text = readFileSync(example, 'utf8')

async function answer<Data>(arguments_: readonly string[], wanted = 0): Promise<Data> {
  const { code, stdout, stderr } = await driftfarm([...arguments_, '--json'], { home })
  expect(code, stderr).toBe(wanted)
  return JSON.parse(stdout).data
}

/** The spec without its search, with other axes. */
function plainSpec(name: string, axes: object): string {
  const file = join(home, `${name}.json`)
  const { threshold: _, sweep: __, ...rest } = JSON.parse(JSON.stringify(documentOf(text)))
  writeFileSync(file, JSON.stringify({ ...rest, name, ...axes }))
  return file
}

describe('the search for a threshold', () => {
  let found: ResultsData

  test('each crossing lies in its interval, for at most a fifth of the trials of the grid', {
    timeout: 600_000,
  }, async () => {
    found = await answer<ResultsData>(['run', example])
    const lines = found.crossings!
    expect(lines).toHaveLength(12)
    const ends = lines.flatMap((line) => {
      expect(line).toMatchObject({ found: 'one', located: true, grid: 129, side: null })
      const [crossing] = line.crossings
      const { low, high, value, direction } = crossing!
      expect(direction).toBe('rising')
      expect(high - low).toBeLessThanOrEqual(2 * line.step)
      expect(low < value && value < high).toBe(true)
      return [low, high].map((sigma) => ({ ...line.params, 'update.drift.sigma': sigma }))
    })
    // The exact probability grows with sigma, so that the exact crossing lies between the two.
    const exact = await answer<OracleData>(['oracle', plainSpec('ends', { points: ends })])
    const probabilities = exact.cells.map(({ answers }) => Number(answers.escape!.value))
    for (let line = 0; line < lines.length; line++) {
      expect(probabilities[2 * line]).toBeLessThan(0.5)
      expect(probabilities[2 * line + 1]).toBeGreaterThan(0.5)
    }
    const points = lines.reduce((sum, { grid }) => sum + grid, 0)
    const most = points * 100_000
    console.info(`${found.sweep.trials} trials at ${found.cells.length} of ${points} points; the grid takes ${most}`)
    expect(Number(found.sweep.trials)).toBeLessThan(most / 5)
    const { cells } = await answer<StatusData>(['status', found.sweep.name])
    expect(cells).toEqual({ done: points, open: 0, failed: 0, unvisited: points - found.cells.length })
  })

  test('again it does no work, and a plain sweep over the grid has the same cells', async () => {
    expect(await answer(['run', example])).toEqual(found)
    const sweep = parseSweep(text, { fileName: 'phase-boundary.yaml' })
    expect(sweep.id()).toBe(found.sweep.id)
    const count = found.crossings![0]!.grid
    const sigma = { from: 0.5, to: 2, count }
    const { sweep: axes } = documentOf(text)
    const plain = plainSpec('grid', { sweep: { 'update.eta': axes['update.eta'], 'update.drift.sigma': sigma } })
    const ids = new Set(parseSweep(readFileSync(plain, 'utf8'), { fileName: 'grid' }).ids())
    expect(ids).toEqual(new Set(sweep.ids()))
    const planned = await answer<{ done: { trials: string } }>(['plan', plain, '--no-pilot'])
    // Points were computed ahead of their next check points by threads that had nothing else to do.
    expect(Number(planned.done.trials)).toBeGreaterThanOrEqual(Number(found.sweep.trials))
  })

  test('a verified sweep, its crossings as CSV, and its boundary as a figure', async () => {
    const name = found.sweep.name
    expect(await driftfarm(['verify', name], { home })).toMatchObject({ code: 0 })
    const { stdout } = await driftfarm(['results', name, '--crossings', '--format', 'csv'], { home })
    const [head, ...rows] = stdout.trim().split('\n')
    expect(head).toMatch(/^update\.eta,value,low,high,direction,cells\.low,/)
    expect(rows.map((row) => Number(row.split(',')[1]))).toEqual(
      found.crossings!.map(({ crossings }) => crossings[0]!.value),
    )
    const figure = await answer<{ figure: string; layers: { points: { y: number }[] }[] }>(['figure', name])
    expect(figure.figure).toBe('boundary')
    expect(figure.layers[0]!.points.map(({ y }) => y)).toEqual(
      found.crossings!.map(({ crossings }) => crossings[0]!.value),
    )
  })

  test('no crossing, several of them, and one that its trials cannot locate are told', async () => {
    const cell = {
      version: 1,
      landscape: { preset: 'double-well' },
      start: [-1],
      update: { eta: 0.1, drift: { sigma: 1 } },
      trial: { steps: 1000, classify: { right: 'x > 0 && x < 1.2' } },
      trials: 20_000,
    }
    const search = (name: string, equals: number, [from, to]: readonly [number, number], change: object = {}) => {
      const file = join(home, `${name}.json`)
      const over = { 'update.drift.sigma': { from, to } }
      const threshold = { estimate: 'class:right', equals, over, within: (to - from) / 64 }
      writeFileSync(file, JSON.stringify({ ...cell, name, threshold, ...change }))
      return file
    }
    const none = await answer<ResultsData>(['run', search('none', 0.3, [0.1, 0.5])])
    expect(none.crossings).toMatchObject([{ found: 'none', side: 'below', located: true, points: 9, crossings: [] }])
    // The right well fills with the drift, and more of it empties it again.
    const several = await answer<ResultsData>(['run', search('several', 0.4, [0.5, 4])], 3)
    expect(several.crossings![0]!.found).toBe('several')
    expect(several.crossings![0]!.crossings.map(({ direction }) => direction)).toEqual(['rising', 'falling'])
    const flat = { trial: { steps: 10, classify: { right: 'sin(1e9*x) > 0' } }, trials: 1000 }
    const undecided = await answer<ResultsData>(['run', search('flat', 0.5, [1, 2], flat)], 3)
    expect(undecided.crossings).toMatchObject([{ found: 'undecided', located: false, points: 9, crossings: [] }])
  })
})

function documentOf(yaml: string): { readonly sweep: Record<string, unknown> } & Record<string, unknown> {
  return parse(yaml)
}
