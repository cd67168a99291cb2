import type { Cell, DataTable } from '@driftfarm/spec'
import { numbersBy } from '../emit/numbers.ts'
import { KernelError } from '../error.ts'
import { checkData } from '../model/checkData.ts'
import { samplesOf } from '../model/samples.ts'
import { valuedOf } from '../model/valued.ts'
import { layoutOf, type RecordLayout } from '../outcome/outcome.ts'
import { particleCell, type Splitting } from '../splitting/cell.ts'
import { type StreamKey, streamKey } from '../streams/streams.ts'
import { type StructureParts, type Template, templateOf } from './template.ts'

/**
 * Everything that a thread needs to run a cell, as plain values. Cells of the same `shape` share one compiled module.
 */
export interface PreparedCell extends StructureParts {
  readonly layout: RecordLayout
  /** Null if the method is not `splitting`; each trial is then one trajectory. */
  readonly splitting: Splitting | null
  readonly key: StreamKey
  readonly numbers: readonly number[]
  /** The samples of the landscape, row by row; null if the landscape has no samples. */
  readonly data: Float64Array | null
}

/**
 * Prepares a cell. This takes milliseconds for the first cell of a structure (`model/structure.ts`), and microseconds
 * for later ones. `data` has the samples that the landscape names by hash, if any. Throws a KernelError if the cell
 * cannot be computed.
 */
export function prepare(cell: Cell, data: DataTable | null = null): PreparedCell {
  const layout = layoutOf(cell)
  checkLayout(layout)
  const template = templateOf(cell)
  checkData(cell, data)
  return prepareBy(template, layout, cell, data)
}

export function prepareBy(template: Template, layout: RecordLayout, cell: Cell, data: DataTable | null): PreparedCell {
  // Spreading `template` would take as long as the rest of this function.
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
