import { type Cell, parseSweep, type ResolvedCell } from '@driftfarm/spec'
import { kernelOf } from '../index.ts'
import { fromUnits, quotient } from '../outcome/values.ts'

/** The first cell of a spec. */
export function resolvedOf(spec: Readonly<Record<string, unknown>>): ResolvedCell {
  return parseSweep(JSON.stringify({ version: 1, seed: 1, ...spec }), { fileName: 'splitting' }).cell(0)
}

export function cellOfSpec(spec: Readonly<Record<string, unknown>>): Cell {
  return resolvedOf(spec).cell
}

export interface Mean {
  readonly mean: number
  readonly standardError: number
  readonly relativeVariance: number
  readonly extinct: number
}

/** Mean of the estimates of so many replicas, and how sure it is. */
export async function meanOf(cell: Cell, replicas: number): Promise<Mean> {
  const { tally } = (await kernelOf(cell)).run(0, replicas, { keep: false, horizons: [] })
  const { all, extinct } = tally.values!
  const n = BigInt(replicas)
  const relativeVariance = quotient((n * all.squares - all.sum * all.sum) * n, all.sum * all.sum * (n - 1n))
  const mean = fromUnits(all.sum) / replicas
  return { mean, standardError: mean * Math.sqrt(relativeVariance / replicas), relativeVariance, extinct }
}
