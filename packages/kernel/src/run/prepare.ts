import type { Cell, DataTable } from '@driftfarm/spec'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { emit } from '../emit/source.ts'
import { KernelError } from '../error.ts'
import { checkData } from '../model/checkData.ts'
import { landscapeCost } from '../model/cost.ts'
import { type Model, modelOf } from '../model/model.ts'
import { countNodesOf, roundsOf } from '../model/nodes.ts'
import { samplesOf } from '../model/samples.ts'
import { formulaCost, updateCost } from '../model/updateCost.ts'
import { layoutOf, type RecordLayout } from '../outcome/outcome.ts'
import { particleCell, type Splitting } from '../splitting/cell.ts'
import { type StreamKey, streamKey } from '../streams/streams.ts'
import { assembly } from './assembly.generated.ts'
import type { ShapePlaces } from './memory.ts'

/**
 * Everything that a thread needs to run a cell, as plain values. Cells of the same `shape` share one compiled module.
 */
export interface PreparedCell {
  /** Hash of the source and of the runtime that it is compiled with. */
  readonly shape: string
  /** AssemblyScript source, for `compile`. */
  readonly source: string
  readonly layout: RecordLayout
  /** The splitting method, if trials are replicas of it; null if each trial is one trajectory. */
  readonly splitting: Splitting | null
  /** Bytes of the order in which a lane takes its samples. */
  readonly orderBytes: number
  /** Whether trials have weights. */
  readonly weighs: boolean
  readonly dimension: number
  readonly key: StreamKey
  /** The numbers of the cell, as the module reads them. */
  readonly numbers: readonly number[]
  readonly places: ShapePlaces
  readonly vectors: number
  /**
   * The samples of the landscape row by row, their address, and the first address after everything that the cell needs.
   */
  readonly data: Float64Array | null
  readonly dataAt: number
  readonly free: number
  /**
   * Number of steps of all lanes that take a millisecond or two at most: the interval at which a run checks its stop
   * flag.
   */
  readonly slice: number
}

/**
 * Prepares a cell. `data` are the samples that the landscape names by hash, if any. Throws a KernelError if the cell
 * cannot be computed.
 */
export function prepare(cell: Cell, data: DataTable | null = null): PreparedCell {
  const layout = layoutOf(cell)
  checkLayout(layout)
  const model = modelOf(particleCell(cell))
  checkData(cell, data)
  const { source, numbers, places, vectors, data: dataAt, free } = emit(model)
  return Object.freeze({
    shape: shapeOf(source),
    source,
    layout,
    splitting: cell.method.kind === 'splitting' ? cell.method : null,
    orderBytes: orderBytesOf(cell),
    weighs: cell.method.kind === 'tilt',
    dimension: model.dimension,
    key: streamKey(cell),
    numbers,
    places,
    vectors,
    data: samplesOf(cell) === null ? null : data!.values,
    dataAt,
    free,
    slice: sliceOf(model, vectors),
  })
}

function orderBytesOf(cell: Cell): number {
  const samples = samplesOf(cell)
  return samples?.batch?.sampling === 'shuffle' ? 4 * samples.rows : 0
}

let runtime: string | null = null

function shapeOf(source: string): string {
  runtime ??= hash(Object.entries(assembly).flat().join('\n'))
  return hash(`${runtime}\n${source}`)
}

function hash(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}

/**
 * Slice size at 2 ns for each node and lane, which is a high estimate except for formulas full of powers; at least one
 * step.
 */
function sliceOf(model: Model, vectors: number): number {
  const nodes = 40 + countNodesOf(model)
  const landscape = landscapeCost(model)
  const update = updateCost(model, landscape + formulaCost(model))
  const perStep = 2 * nodes * 2 * vectors * roundsOf(model) + (landscape + update) * vectors
  return Math.max(1, Math.min(1_000_000, Math.floor(2_000_000 / perStep)))
}

/** Refuses more names than the fields of a record can distinguish. Throws a KernelError RANGE. */
function checkLayout({ exits, minima, classes }: RecordLayout): void {
  for (const [what, names, most] of [
    ['exits', exits, 255],
    ['minima', minima, 65_534],
    ['classes', classes, 65_534],
  ] as const) {
    if (names.length > most) throw new KernelError('RANGE', `${names.length} ${what}; a record tells ${most} apart`)
  }
}
