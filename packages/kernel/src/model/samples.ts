import type { Batch, Cell, DataReference } from '@driftfarm/spec'

export interface Samples extends DataReference {
  readonly columns: number
  /** Null if a step uses all samples, in order. */
  readonly batch: Batch | null
}

export function samplesOf({ landscape }: Cell): Samples | null {
  if (landscape.kind === 'population' || landscape.data === null) return null
  const { hash, rows } = landscape.data
  const columns =
    landscape.kind === 'network' ? landscape.layers[0]! + landscape.layers.at(-1)! : landscape.data.columns.length
  return { hash, rows, columns, batch: landscape.batch }
}
