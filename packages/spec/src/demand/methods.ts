import type { Axis } from '../axes/grid.ts'
import { isMapping, type Mapping } from '../document/value.ts'
import { outOfRange } from '../errors.ts'
import { Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import type { SharedResources } from '../field/sharedResources.ts'

export const defaultReplicas = 64

export type Methods = ReturnType<typeof methodsOf>

/** The number of replicas belongs to the request, not to a cell, so it must be the same for all cells. */
export function methodsOf(document: Mapping, axes: readonly Axis[], library: SharedResources) {
  const columns = axes.flatMap(({ columns }) => columns)
  const swept = columns.find(({ name }) => name === 'method')
  const values = swept === undefined ? [document.method] : Array.from({ length: swept.length }, (_, i) => swept.at(i))
  const inside = columns.flatMap(({ name }) => /^method\.(splitting|tilt)/.exec(name)?.[1] ?? [])[0]
  const kinds = values.map((value) => inside ?? (isMapping(value) ? Object.keys(value)[0] : value))
  const splits = values.filter((_, i) => kinds[i] === 'splitting')
  const given = new Set(splits.map((value) => replicasIn(document, value, library)))
  given.delete(null)
  if (given.size > 1) {
    const reason = `${[...given].join(' and ')} replicas in one sweep`
    throw outOfRange(['method'], reason, 'the same number of replicas for all cells')
  }
  const [replicas = null] = given
  return {
    direct: splits.length < values.length,
    splitting: splits.length > 0,
    /** Whether the sweep has direct cells, whose events are counted. */
    counted: kinds.some((kind) => kind !== 'splitting' && kind !== 'tilt'),
    /** Null if the spec gives no number of replicas, or no cell uses splitting. */
    replicas,
    /** Upper bound on the fraction of cells that use splitting, 0 .. 1. */
    share: splits.length / values.length,
  }
}

function replicasIn(document: Mapping, method: unknown, library: SharedResources): number | null {
  const scope = new Scope({ ...document, method }, library)
  const frame = scope.root.inner('method').inner('splitting')
  return frame.get('replicas') === undefined ? null : frame.number('replicas', ranges.replicas)
}

export function replicasOf({ direct, replicas }: Methods, trials: number | null): number {
  return replicas ?? (direct ? null : trials) ?? defaultReplicas
}

/** The two values of the axis that replaces `method: both`. */
export function bothMethods(method: unknown): readonly unknown[] | null {
  if (method === 'both') return ['direct', 'splitting']
  if (!isMapping(method) || !('both' in method)) return null
  return ['direct', { splitting: (method as Mapping).both }]
}
