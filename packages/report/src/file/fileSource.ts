import { networkSlopes } from '@driftfarm/kernel'
import { parseSweep, type ResolvedCell, type Sweep } from '@driftfarm/spec'
import type { CellResult } from '../document/results.ts'
import type { SortedRows } from '../document/streamedResults.ts'
import { whyText } from '../document/why.ts'
import { FileError } from '../error.ts'
import { figureOf } from '../figures/figureOf.ts'
import { tracePaths } from '../figures/tracePaths.ts'
import { cellPlaceText } from '../figures/trajectory.ts'
import type { Source } from '../source.ts'
import type { FileContents } from './contents.ts'

/**
 * A source that reads its documents from a report file and needs no farm. Requests that only a farm can answer (rows,
 * comparisons, fits, the state of the farm) throw a FileError NOT_HELD.
 */
export function fileSource(sweeps: readonly FileContents[], fileName: string): Source {
  const cellsOf = new Map<string, Sweep | null>()

  const held = (id: string): FileContents => {
    const found = sweeps.find(({ status }) => status.id === id || status.name === id)
    if (found !== undefined) return found
    throw new FileError('NOT_HELD', `${fileName} does not contain a sweep ${id}`, {
      hint: `it contains ${sweeps.map(({ status }) => status.name).join(', ')}`,
    })
  }
  const lacks = (what: string): never => {
    throw new FileError('NOT_HELD', `this report file does not contain ${what}`, {
      hint: 'use the farm that wrote the file',
    })
  }

  /** Returns null if the spec names files that are not available. */
  const resolvedOf = (contents: FileContents, { index, id }: Pick<CellResult, 'index' | 'id'>): ResolvedCell | null => {
    const { id: sweep, name } = contents.status
    if (!cellsOf.has(sweep)) cellsOf.set(sweep, sweepOf(contents.origins.spec, name))
    const own = cellsOf.get(sweep)?.cell(index) ?? null
    return own?.id === id ? own : null
  }

  const cellAt = (contents: FileContents, place: string): CellResult => {
    const { cells } = contents.results.data
    const found = cells.find(({ index, id }) => String(index) === place || id === place)
    if (found !== undefined) return found
    throw new FileError('NOT_HELD', `${fileName} does not contain a cell ${place} of ${contents.status.name}`)
  }

  const source: Source = {
    find: async (text) => {
      const { id, name } = (sweeps.find(({ status }) => status.id.startsWith(text)) ?? held(text)).status
      return { id, name }
    },
    sweeps: async () => ({ sweeps: sweeps.map(({ listed }) => listed) }),
    status: async (sweep) => held(sweep).status,
    farm: async () => lacks('the state of a farm'),
    failures: async () => ({ causes: [], looked: 0 }),
    recent: async () => lacks('the recent activity of a farm'),
    namesakes: async () => [],
    async *follow(sweep) {
      yield held(sweep).status
    },
    async *live(sweep) {
      const { status, cells } = held(sweep)
      yield { status, cells }
    },
    async *liveFarm() {
      yield { sweeps: { sweeps: sweeps.map(({ listed }) => listed) }, farm: null }
    },
    results: async (sweep) => held(sweep).results,
    async cells(sweep, indices) {
      const { cells } = held(sweep)
      if (indices === undefined) return cells
      const wanted = new Set(indices)
      const places = cells.index.flatMap((index, at) => (wanted.has(index) ? [at] : []))
      const some = <T>(list: readonly T[]): T[] => places.map((at) => list[at]!)
      return {
        ...cells,
        index: some(cells.index),
        state: some(cells.state),
        trials: some(cells.trials),
        shared: some(cells.shared),
        doubt: some(cells.doubt),
        params: mapped(cells.params, some),
        estimates: mapped(cells.estimates, ({ value, low, high }) => ({
          value: some(value),
          low: some(low),
          high: some(high),
        })),
      }
    },
    async cell(sweep, place) {
      const contents = held(sweep)
      const cell = cellAt(contents, place)
      const at = contents.cells.index.indexOf(cell.index)
      const known = { cell, state: contents.cells.state[at] ?? 'open', otherSweeps: [] } as const
      const resolved = resolvedOf(contents, cell)
      return {
        sweep: contents.results.data.sweep,
        ...known,
        why: whyText(known, null),
        resolved: (resolved?.cell ?? {}) as unknown as Readonly<Record<string, unknown>>,
        data: null,
      }
    },
    data: async () => lacks('data sets'),
    async withResults(sweep, use, { cells: among } = {}) {
      const { data, warnings } = held(sweep).results
      const { sweep: head, cells: all, ...tail } = data
      const cells = among === undefined ? all : all.filter(({ index }) => among.includes(index))
      return use({
        head: { sweep: head },
        warnings,
        cells: () => each(cells),
        numbers: () => each(cells),
        settings: () => lacks('the settings of cells'),
        keep: () => new ArrayRows(),
        tail: async () => tail,
      })
    },
    async curves(sweep) {
      return held(sweep).curves ?? lacks('the curves, because the sweep has too many cells')
    },
    async withCurves(sweep, use) {
      const { data, warnings } = held(sweep).curves ?? lacks('the curves, because the sweep has too many cells')
      const { cells, ...head } = data
      return use({ head, warnings, cells: () => each(cells), tail: async () => ({}) })
    },
    best: async () => lacks('the counts needed for the interval of the best cell'),
    fit: async () => lacks('the data needed for a fit'),
    compare: async () => lacks('the data needed for a comparison'),
    compareSplit: async () => lacks('single trials, which a comparison of earlier with later trials needs'),
    origins: async (sweep) => held(sweep).origins,
    exact: async (sweep, indices) =>
      chosen(
        held(sweep).exact,
        indices,
        'exact values for these cells; only `driftfarm report --oracle` includes exact values',
      ),
    theorem: async (sweep, indices) =>
      chosen(
        held(sweep).theorem,
        indices,
        'the bounds of Theorem 1 for these cells; only `driftfarm report --theorem` includes bounds',
      ),
    figure: (sweep, request) => figureOf(source, sweep, request),
    async kernel(id) {
      for (const contents of sweeps) {
        const cell = contents.results.data.cells.find((each) => each.id === id)
        const resolved = cell === undefined ? null : resolvedOf(contents, cell)
        if (resolved !== null) return { cell: resolved.cell, data: resolved.data, module: null }
      }
      return lacks('the files that the spec of this cell names')
    },
    convergence: async () => lacks('the history of an interval'),
    replay: async () => lacks('the outcomes of single trials'),
    keptRows: async () => lacks('rows'),
    async paths(sweep, index, trials) {
      const contents = held(sweep)
      const { id, name, state } = contents.status
      const cell = cellAt(contents, String(index))
      const resolved = resolvedOf(contents, cell)
      if (resolved === null) return lacks('the files that the spec of this cell names')
      return {
        sweep: { id, name, state },
        cell: { index: cell.index, where: cellPlaceText(cell.params) },
        ...tracePaths(resolved.cell, resolved.data, trials, name),
      }
    },
    rows: async () => lacks('rows'),
  }
  return source

  function chosen<Answer extends { readonly cells: readonly { readonly index: number }[] }>(
    answer: Answer | null,
    indices: readonly number[],
    what: string,
  ): Answer {
    const cells = answer?.cells.filter(({ index }) => indices.includes(index)) ?? []
    return answer !== null && cells.length === indices.length ? { ...answer, cells } : lacks(what)
  }
}

function sweepOf(spec: string, fileName: string): Sweep | null {
  try {
    return parseSweep(spec, { fileName, slopesOf: networkSlopes })
  } catch {
    return null
  }
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

const mapped = <From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))

class ArrayRows<Row> extends Array<Row> implements SortedRows<Row> {
  add(row: Row): void {
    this.push(row)
  }
}
