import type { Cell, DataTable } from '@driftfarm/spec'
import { KernelError } from '../error.ts'
import { samplesOf } from './samples.ts'

export function checkData(cell: Cell, data: DataTable | null): void {
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
