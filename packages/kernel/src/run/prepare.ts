import type { Cell, DataTable } from '@driftfarm/spec'
import { numbersBy } from '../emit/numbers.ts'
import { KernelError } from '../error.ts'
import { checkData } from '../model/checkData.ts'
import { samplesOf } from '../model/samples.ts'
import { valuedOf } from '../model/valued.ts'
import { layoutOf, type RecordLayout } from '../outcome/outcome.ts'
import { particleCell, type Splitting } from '../splitting/cell.ts'
import { type StreamKey, streamKey } from '../streams/streams.ts'
import type { ShapePlaces } from './memory.ts'
import { type Template, templateOf } from './template.ts'

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
 * Prepares a cell: in milliseconds the first of a structure (`model/structure.ts`), in microseconds those after it.
 * `data` are the samples that the landscape names by hash, if any. Throws a KernelError if the cell cannot be computed.
 */
export function prepare(cell: Cell, data: DataTable | null = null): PreparedCell {
  const layout = layoutOf(cell)
  checkLayout(layout)
  const template = templateOf(cell)
  checkData(cell, data)
  return prepareBy(template, layout, cell, data)
}

/** The cell by a template of its structure. */
export function prepareBy(template: Template, layout: RecordLayout, cell: Cell, data: DataTable | null): PreparedCell {
  // Key by key: a spread takes as long as all the rest.
  return Object.freeze({
    shape: template.shape,
    source: template.source,
    layout,
    splitting: cell.method.kind === 'splitting' ? cell.method : null,
    orderBytes: template.orderBytes,
    weighs: template.weighs,
    dimension: template.dimension,
    key: streamKey(cell),
    numbers: numbersBy(template.readings, valuedOf(particleCell(cell))),
    places: template.places,
    vectors: template.vectors,
    data: samplesOf(cell) === null ? null : data!.values,
    dataAt: template.dataAt,
    free: template.free,
    slice: template.slice,
  })
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
