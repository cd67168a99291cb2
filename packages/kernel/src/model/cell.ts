import {
  type ByteScale,
  type Cell,
  type DataTable,
  isBytes,
  KERNEL_VERSION,
  kernelVersionOf,
  type Method,
  sampleReferencesOf,
  type Tables,
  tableOf,
} from '@driftfarm/spec'
import { KernelError } from '../error.ts'

/**
 * Whether this kernel can compute the cell. This kernel computes a cell of an earlier version only if no part of the
 * kernel that the cell uses has changed since.
 */
export function isComputable(cell: Cell): boolean {
  return cell.kernel >= kernelVersionOf(cell) && cell.kernel <= KERNEL_VERSION
}

export function checkVersion(cell: Cell): void {
  const { kernel } = cell
  if (isComputable(cell)) return
  throw new KernelError(
    'VERSION',
    kernel > KERNEL_VERSION
      ? `it was made by version ${kernel}, but this is version ${KERNEL_VERSION}; use a newer driftfarm`
      : `it was made by version ${kernel}, which compares end points of descents differently; run the spec again ` +
          `to make a cell of version ${kernelVersionOf(cell)}`,
  )
}

export type Splitting = Extract<Method, { readonly kind: 'splitting' }>

/** Returns a cell whose trials are single trajectories: particles of a replica, weighted trials or direct trials. */
export function particleCell(cell: Cell): Cell {
  if (cell.method.kind === 'direct') return cell
  const { trial } = cell
  const bare = { marks: [], classify: [], minima: [], quench: null }
  return { ...cell, trial: { ...trial, ...bare, afterEscape: 'stop' } }
}

/** `testRows` is 0 without test samples. `batch` is null if a step uses all samples, in order. */
export function samplesOf({ landscape }: Pick<Cell, 'landscape'>) {
  if (landscape.kind === 'population' || landscape.data === null) return null
  const { hash, rows } = landscape.data
  const columns =
    landscape.kind === 'network' ? landscape.layers[0]! + landscape.layers.at(-1)! : landscape.data.columns.length
  return { hash, rows, columns, testRows: landscape.test?.rows ?? 0, batch: landscape.batch }
}

/** Throws a KernelError if `tables` lacks a table that the cell needs, or if a table does not fit the cell. */
export function checkData(cell: Pick<Cell, 'landscape'>, tables: Tables): void {
  const samples = samplesOf(cell)
  if (samples === null) return
  const { columns } = samples
  for (const { hash, rows } of sampleReferencesOf(cell)) {
    const table = tableOf(tables, { hash })
    if (table === undefined) {
      const given =
        tables.length === 0
          ? 'no data were given'
          : `the given data have hash ${tables.map(({ hash }) => hash).join(', ')}`
      throw new KernelError('DATA', `the cell needs data with hash ${hash}, but ${given}`)
    }
    if (table.rows !== rows || table.columns !== columns) {
      throw new KernelError(
        'DATA',
        `the cell needs ${rows} rows with ${columns} columns, ` +
          `but ${table.rows} rows with ${table.columns} columns were given`,
      )
    }
  }
}

/** The test samples of a landscape; null if it has none. */
export function testTable({ landscape }: Pick<Cell, 'landscape'>, tables: Tables): DataTable | null {
  return landscape.kind !== 'population' && landscape.test !== undefined ? tableOf(tables, landscape.test)! : null
}

/**
 * How the memory of a kernel stores the samples of a cell. Null: as doubles. Modules of cells that store bytes differ
 * from those of the same cells with doubles, but give the same bits.
 */
export function byteFormOf(cell: Pick<Cell, 'landscape'>, tables: Tables): ByteScale | null {
  if (cell.landscape.kind !== 'network') return null
  const { values } = samplesTable(cell, tables)!
  const test = testTable(cell, tables)?.values ?? values
  if (!isBytes(values) || !isBytes(test)) return null
  return test.divide === values.divide && test.scaled === values.scaled ? values : null
}

/** The samples that the landscape trains on; null if it has no data. */
export function samplesTable(cell: Pick<Cell, 'landscape'>, tables: Tables): DataTable | null {
  const samples = samplesOf(cell)
  return samples === null ? null : tableOf(tables, samples)!
}
