import type { Batch, Cell, DataReference } from '@driftfarm/spec'

/** The samples of a cell: which they are, numbers in each, and how many a step draws (null: all, in order). */
export interface Samples extends DataReference {
  readonly columns: number
  readonly batch: Batch | null
}

export function samplesOf({ landscape }: Cell): Samples | null {
  if (landscape.kind === 'population' || landscape.data === null) return null
  const { hash, rows } = landscape.data
  const columns =
    landscape.kind === 'network' ? landscape.layers[0]! + landscape.layers.at(-1)! : landscape.data.columns.length
  return { hash, rows, columns, batch: landscape.batch }
}
