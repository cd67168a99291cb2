import { figureOf } from '../figureOf.ts'
import { questions } from '../questions.generated.ts'
import { answeredBy, collected, type LiveSource } from '../source.ts'
import type { FileContents } from './contents.ts'
import { ReportFile } from './reportFile.ts'

/**
 * A source that reads its documents from a report file and needs no farm. Requests that only a farm can answer (rows,
 * comparisons, fits, the state of the farm) throw a FileError NOT_HELD.
 */
export function fileSource(sweeps: readonly FileContents[], fileName: string): LiveSource {
  const file = new ReportFile(sweeps, fileName)
  const source: LiveSource = {
    ...answeredBy(async (name, input) => questions[name].inFile(file, input as never)),
    find: async (text) => {
      const { id, name } = (sweeps.find(({ status }) => status.id.startsWith(text)) ?? file.held(text)).status
      return { id, name }
    },
    async *follow(sweep) {
      yield file.held(sweep).status
    },
    async *live(sweep) {
      const { status, cells } = file.held(sweep)
      yield { status, cells }
    },
    async *liveFarm() {
      yield { sweeps: { sweeps: sweeps.map(({ listed }) => listed) }, farm: null }
    },
    results: (sweep) => source.withResults(sweep, collected),
    curves: (sweep) => source.withCurves(sweep, collected),
    async withResults(sweep, use, { cells: among } = {}) {
      const { data, warnings } = file.held(sweep).results
      const { sweep: head, cells: all, ...tail } = data
      const cells = among === undefined ? all : all.filter(({ index }) => among.includes(index))
      return use({
        head: { sweep: head },
        warnings,
        cells: () => each(cells),
        numbers: () => each(cells),
        settings: () => file.lacks('the settings of cells'),
        tail: async () => tail,
      })
    },
    async withCurves(sweep, use) {
      const { curves } = file.held(sweep)
      const { data, warnings } = curves ?? file.lacks('the curves, because the sweep has too many cells')
      const { cells, ...head } = data
      return use({ head, warnings, cells: () => each(cells), tail: async () => ({}) })
    },
    rows: async () => file.lacks('rows'),
    figure: (sweep, request) => figureOf(source, sweep, request),
    data: async () => file.lacks('data sets'),
    async kernel(id) {
      for (const contents of sweeps) {
        const cell = contents.results.data.cells.find((each) => each.id === id)
        const resolved = cell === undefined ? null : file.resolved(contents, cell)
        if (resolved !== null) return { cell: resolved.cell, tables: resolved.tables, module: null }
      }
      return file.lacksFiles()
    },
  }
  return source
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}
