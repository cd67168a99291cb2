import { type Cell, cellId, type Tables, type TableValues, trainingCell } from '@driftfarm/spec'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { LRUCache } from 'lru-cache'
import { numbersBy } from '../emit/numbers.ts'
import { valuedOf } from '../emit/readings.ts'
import { emit } from '../emit/source.ts'
import { KernelError } from '../error.ts'
import { byteFormOf, checkData, particleCell, type Splitting, samplesTable, testTable } from '../model/cell.ts'
import { landscapeBound, updateBound } from '../model/cost.ts'
import { countNodesOf, roundsOf } from '../model/formula.ts'
import { type Model, modelOf } from '../model/model.ts'
import { nothingObserved, type ObservedPlan, observedPlan } from '../model/observed.ts'
import { withPoint } from '../model/start.ts'
import { structureOf } from '../model/structure.ts'
import { layoutOf, type RecordLayout } from '../outcome/outcome.ts'
import { type StreamKey, streamKey } from '../streams/streams.ts'
import { runtimeHash } from './runtimeHash.generated.ts'
import type { TrainedStore } from './training.ts'

/**
 * Everything that a thread needs to run a cell, as plain values. Cells of the same `shape` share one compiled module.
 */
export interface PreparedCell extends Omit<Template, 'readings'> {
  readonly layout: RecordLayout
  /** Null if the method is not `splitting`; each trial is then one trajectory. */
  readonly splitting: Splitting | null
  readonly key: StreamKey
  /** Null if the start is not trained. */
  readonly training: Training | null
  readonly numbers: readonly number[]
  /** The samples that the landscape trains on, and the test samples; null if there are none. */
  readonly data: TableValues | null
  readonly test: TableValues | null
  /** Whether the memory stores the samples as bytes. */
  readonly asBytes: boolean
  readonly columns: number
  /** The values that the request observes. */
  readonly observed: ObservedPlan
}

/** The training run of a cell, or one for each trial. */
export interface Training {
  /** Id and shape of the cell whose trials are the training runs. */
  readonly key: string
  readonly perTrial: boolean
  readonly prepared: PreparedCell
  /** The module of `prepared`, or null if nobody has compiled it yet (`withTraining`). A kernel needs it. */
  readonly module: WebAssembly.Module | null
  /** Where the run for all trials is kept. Absent: in the memory of this process. */
  readonly store?: TrainedStore | undefined
}

/**
 * Prepares a cell. This takes milliseconds for the first cell of a structure (`model/structure.ts`), and microseconds
 * for later ones. `tables` are the tables that the cell needs. `observe`
 * lists the keys of observed values (`observedKeys`). If `native`, a native library takes the steps of the cell
 * (`nativeSource`); a training run takes its steps in WebAssembly. Throws a KernelError if the cell cannot be computed.
 */
export function prepare(
  cell: Cell,
  tables: Tables = [],
  observe: readonly string[] = [],
  { native = false }: { readonly native?: boolean } = {},
): PreparedCell {
  const layout = layoutOf(cell)
  checkLayout(layout)
  checkData(cell, tables)
  const observed = observedPlan(cell, observe)
  const own = withPoint(cell, tables)
  const template = templateOf(own, observed, scaledBytesOf(cell, tables), native)
  const placed = prepareBy(template, layout, own, tables, observed)
  if (own === cell && cell.start.kind !== 'train') return placed
  const run = trainingCell(cell)
  const perTrial = own === cell
  const inner = run && prepare(run, tables)
  const training = inner && { key: `${cellId(run!)}-${inner.shape}`, perTrial, prepared: inner, module: null }
  return Object.freeze({ ...placed, key: streamKey(cell), training })
}

/** The number of scaled columns of samples that are stored as bytes. Null: they are stored as doubles. */
const scaledBytesOf = (cell: Cell, tables: Tables): number | null => byteFormOf(cell, tables)?.scaled ?? null

export function prepareBy(
  template: Template,
  layout: RecordLayout,
  cell: Cell,
  tables: Tables,
  observed: ObservedPlan = nothingObserved,
): PreparedCell {
  const data = samplesTable(cell, tables)
  const test = testTable(cell, tables)
  // Spreading `template` would take as long as the rest of this function.
  return Object.freeze({
    shape: template.shape,
    source: template.source,
    layout,
    splitting: cell.method.kind === 'splitting' ? cell.method : null,
    orderBytes: template.orderBytes,
    dimension: template.dimension,
    key: streamKey(cell),
    training: null,
    numbers: numbersBy(template.readings, valuedOf(particleCell(cell))),
    places: template.places,
    vectors: template.vectors,
    native: template.native,
    startAt: template.startAt,
    data: data?.values ?? null,
    test: test?.values ?? null,
    asBytes: byteFormOf(cell, tables) !== null,
    columns: data?.columns ?? 0,
    dataAt: template.dataAt,
    byteNumbersAt: template.byteNumbersAt,
    ordersAt: template.ordersAt,
    free: template.free,
    slice: template.slice,
    observed,
  })
}

function checkLayout({ exits, minima, classes }: RecordLayout): void {
  for (const [what, names, most] of [
    ['exits', exits, 255],
    ['minima', minima, 65_534],
    ['classes', classes, 65_534],
  ] as const) {
    if (names.length > most)
      throw new KernelError('RANGE', `the cell has ${names.length} ${what}; a record can distinguish at most ${most}`)
  }
}

/** What all prepared cells of one structure (`model/structure.ts`) share. */
export type Template = ReturnType<typeof makeTemplate>

/** A native library takes steps in eight lanes, whatever the shape. */
const nativeVectors = 4
/** The states of all lanes are copied before and after this number of steps. */
const leastNativeSlice = 4

/** The cells of a sweep come in any order, but have few structures, so a small cache is enough. */
const maxTemplates = 64
/** Limit for all cached templates together. The source of a long formula can have a million characters. */
const maxCharacters = 2 ** 24

const templates = new LRUCache<string, Template>({
  max: maxTemplates,
  maxSize: maxCharacters,
  sizeCalculation: ({ source }, structure) => source.length + structure.length,
})

/** Throws a KernelError if the cell cannot be computed. */
export function templateOf(cell: Cell, { values }: ObservedPlan, scaledBytes: number | null, native = false): Template {
  const own = values.length === 0 ? structureOf(cell) : `${structureOf(cell)} ${JSON.stringify(values)}`
  const stored = scaledBytes === null ? own : `${own} ${scaledBytes} scaled bytes`
  const structure = native ? `${stored} native` : stored
  const known = templates.get(structure)
  if (known !== undefined) return known
  const made = makeTemplate(cell, values, scaledBytes, native)
  templates.set(structure, made)
  return made
}

/** Takes milliseconds, because the loss is differentiated. Throws a KernelError if the cell cannot be computed. */
export function makeTemplate(
  cell: Cell,
  observed: readonly string[] = [],
  scaledBytes: number | null = null,
  native = false,
) {
  const model = modelOf(particleCell(cell), observed)
  const emitted = emit(model, native ? nativeVectors : undefined, scaledBytes, native)
  const slice = Math.max(native ? leastNativeSlice : 1, sliceOf(model, emitted.vectors))
  // The shape is the hash of the source and of the runtime.
  return Object.freeze({ ...emitted, shape: shapeOf(emitted.source), dimension: model.dimension, slice })
}

const shapeOf = (source: string): string => bytesToHex(sha256(utf8ToBytes(`${runtimeHash}\n${source}`)))

/**
 * A run checks the stop flag after this number of steps. In all lanes together, they take about 2 ms, at 2 ns per node
 * and lane. With many powers in a formula, they take longer.
 */
function sliceOf(model: Model, vectors: number): number {
  const nodes = 40 + countNodesOf(model)
  const perStep = 2 * nodes * 2 * vectors * roundsOf(model) + (landscapeBound(model) + updateBound(model)) * vectors
  return Math.min(1_000_000, Math.floor(2_000_000 / perStep))
}
