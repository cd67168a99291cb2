import { DriftfarmError } from '@driftfarm/formula'
import {
  type BatchResult,
  compile,
  decodeRecord,
  KernelError,
  kernelOf,
  type LoadCompiler,
  layoutOf,
  type ModuleOf,
  modulesBy,
  networkSlopes,
  type RecordLayout,
  type RowColumns,
  rowBatch,
  rowColumns,
  rowOf,
  runReference,
} from '@driftfarm/kernel'
import { type Cell, observedColumns, parseSweep, type ResolvedCell, type Tables } from '@driftfarm/spec'
import { withDriftfarmErrors } from './driftfarmErrors.ts'
import type { Spec } from './sweep.ts'

export interface SimulateOptions {
  /**
   * The implementation that computes the trials. `wasm` compiles the cell, which takes a second the first time.
   * `reference` is slow and gives the same results, bit for bit. Default: `wasm`. In a browser, which has no compiler,
   * the default is `reference` unless `compiler` or `module` is given.
   */
  readonly engine?: 'wasm' | 'reference'
  /** The compiler, for a browser: `() => import('assemblyscript/asc')`. */
  readonly compiler?: LoadCompiler
  /** Provides compiled modules, as an alternative to a compiler. */
  readonly module?: ModuleOf
  /** The files that the spec names, by name: text for CSV, bytes for NumPy. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
}

/** The outcomes of a range of trials, in order. */
export interface Outcomes {
  readonly cell: Pick<ResolvedCell, 'index' | 'id' | 'params'>
  readonly count: number
  /** The outcomes as columns, like those that `rows` of a farm returns; see `RowColumns`. */
  readonly columns: RowColumns
}

/**
 * Runs the trials [first, first + count) of a cell without a database. The results are the same as on a farm, bit for
 * bit. `spec` is a typed spec or its text, `cell` is the index of the cell in its sweep, and `count` is at most
 * 10,000,000. Every error is a DriftfarmError.
 *
 *     const { columns } = await simulate(spec, 0, 0, 1000)
 *     const escaped = columns.escaped_at.filter((step) => step >= 0).length
 */
export function simulate(
  spec: Spec | string,
  cell: number,
  first: number,
  count: number,
  options: SimulateOptions = {},
): Promise<Outcomes> {
  return withDriftfarmErrors(async () => {
    const { resolved, observe } = cellOf(spec, cell, options)
    const { index, id, params, cell: made, tables } = resolved
    const columns = observedColumns(made.method.kind === 'direct' ? observe : [])
    const keys = [...new Set(columns.values())]
    const { layout, records, values } = await outcomesOf(made, tables, keys, { first, count, ...options })
    const observed = [...columns].map(([column, key]) => [column, keys.indexOf(key)] as const)
    const rows = Array.from({ length: count }, (_, at) => ({
      ...rowOf(index, first + at, decodeRecord(records!, layout, at)),
      ...Object.fromEntries(observed.map(([column, place]) => [column, values![at * keys.length + place]])),
    }))
    const names = [...rowColumns[made.method.kind], ...columns.keys()]
    return { cell: { index, id, params }, ...rowBatch(names, rows) }
  })
}

type Range = Pick<Outcomes, 'count'> & { readonly first: number }

/** `observe`: keys of observed values, without series and repetitions. */
async function outcomesOf(
  cell: Cell,
  tables: Tables,
  observe: readonly string[],
  { first, count, engine, compiler, module }: Range & SimulateOptions,
): Promise<BatchResult & { readonly layout: RecordLayout }> {
  const request = { keep: true, horizons: [], values: true }
  if (engine !== 'reference') {
    const provided = module ?? (compiler && modulesBy(({ source }) => compile(source, compiler)))
    const kernel = await kernelOf(cell, tables, provided, observe).catch((error: unknown) => {
      if (engine === undefined && error instanceof KernelError && error.code === 'NO_COMPILER') return null
      throw error
    })
    if (kernel !== null) return { layout: kernel.layout, ...kernel.run(first, count, request) }
  }
  return { layout: layoutOf(cell), ...runReference(cell, first, count, { ...request, tables, observe }) }
}

function cellOf(spec: Spec | string, index: number, { files = {} }: SimulateOptions) {
  const sweep = parseSweep(typeof spec === 'string' ? spec : JSON.stringify(spec, null, 2), {
    fileName: 'spec',
    slopesOf: networkSlopes,
    readBytes: (name) => bytesOf(contentOf(files, name)),
  })
  if (Number.isInteger(index) && index >= 0 && index < sweep.cellCount)
    return { resolved: sweep.cell(index), observe: sweep.demand.observe }
  throw new DriftfarmError(
    'NOT_FOUND',
    `${sweep.name} has no cell ${index}`,
    { ends: 'notFound' },
    { hint: `its cells are 0 to ${sweep.cellCount - 1}` },
  )
}

function contentOf(files: NonNullable<SimulateOptions['files']>, name: string): string | Uint8Array {
  const content = files[name]
  if (content === undefined) throw new Error(`${name} is not among the given files`)
  return content
}

const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content
