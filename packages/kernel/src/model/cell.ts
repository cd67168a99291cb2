import {
  type Batch,
  type Cell,
  type DataReference,
  type DataTable,
  KERNEL_VERSION,
  kernelVersionOf,
  type Method,
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

export interface Samples extends DataReference {
  readonly columns: number
  /** Null if a step uses all samples, in order. */
  readonly batch: Batch | null
}

export function samplesOf({ landscape }: Pick<Cell, 'landscape'>): Samples | null {
  if (landscape.kind === 'population' || landscape.data === null) return null
  const { hash, rows } = landscape.data
  const columns =
    landscape.kind === 'network' ? landscape.layers[0]! + landscape.layers.at(-1)! : landscape.data.columns.length
  return { hash, rows, columns, batch: landscape.batch }
}

export function checkData(cell: Pick<Cell, 'landscape'>, data: DataTable | null): void {
  const samples = samplesOf(cell)
  if (samples === null) return
  const { hash, rows, columns } = samples
  if (data === null) throw new KernelError('DATA', `the cell needs data with hash ${hash}, but no data were given`)
  if (data.hash !== hash)
    throw new KernelError('DATA', `the cell needs data with hash ${hash}, but the given data have hash ${data.hash}`)
  if (data.rows !== rows || data.columns !== columns || data.values.length !== rows * columns) {
    throw new KernelError(
      'DATA',
      `the cell needs ${rows} rows with ${columns} columns, ` +
        `but ${data.rows} rows with ${data.columns} columns were given`,
    )
  }
}
