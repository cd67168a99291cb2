import { cellById, type Database, findSweep, readData } from '@driftfarm/database'
import type { PreparedCell } from '@driftfarm/kernel'
import { answeredBy, collected, type QuestionName, type Source } from '@driftfarm/report'
import { readTables } from '@driftfarm/spec'
import { type AnswerContext, type Answering, standing } from './answering.ts'
import { localComputations } from './computations.ts'
import { questions } from './questions.generated.ts'
import { waitFor } from './waitFor.ts'

/** A question without an answer here does not compile. */
const answers = questions satisfies { readonly [Name in QuestionName]: () => Promise<Answering<Name>> }

export interface DatabaseSourceOptions extends Partial<Omit<AnswerContext, 'database'>> {
  /** Returns the compiled module of a cell, for example from a cache. By default every module is compiled anew. */
  readonly moduleBytes?: (prepared: PreparedCell) => Promise<Uint8Array>
}

/** Returns the source of all documents about the sweeps in a database. */
export function databaseSource(
  database: Database,
  {
    farmWords = () => '',
    heavy = localComputations(),
    keepsExact = false,
    moduleBytes = async ({ source }) => {
      const { compile } = await import('@driftfarm/kernel')
      return compile(source)
    },
  }: DatabaseSourceOptions = {},
): Source {
  const context: AnswerContext = { database, farmWords, heavy, keepsExact }
  const source: Source = {
    ...answeredBy(async (name, input, { onCells = () => undefined }) =>
      ((await answers[name]()) as Answering<QuestionName>)(context, input, onCells),
    ),
    find: (text) => findSweep(database, text),
    async *follow(sweep, options) {
      for await (const status of waitFor(database, sweep, options)) yield standing(status, context)
    },
    results: (sweep) => source.withResults(sweep, collected),
    withResults: async (sweep, use, options) =>
      (await import('./results.ts')).withResults(database, sweep, use, options),
    curves: (sweep) => source.withCurves(sweep, collected),
    withCurves: async (sweep, use) => (await import('./curves.ts')).withCurves(database, sweep, use),
    rows: async (sweep) => (await import('./rows.ts')).rowsOf(database, sweep),
    async figure(sweep, request) {
      const { figureOf } = await import('@driftfarm/report')
      return figureOf(source, sweep, request)
    },
    async kernel(id) {
      const cell = await cellById(database, id)
      const { prepare } = await import('@driftfarm/kernel')
      const tables = await readTables(cell, (hash) => readData(database, hash))
      return { cell, tables, module: await moduleBytes(prepare(cell, tables)) }
    },
    data: (hash) => readData(database, hash),
  }
  return source
}
