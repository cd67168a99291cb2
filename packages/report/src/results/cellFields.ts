import type { SettingValue } from '@driftfarm/spec'
import type { CellNumbers } from '../document/results.ts'

export type FieldValue = number | bigint | string | boolean | null

/** Groups of columns, in their order. The columns of a group depend on all cells. */
export const fieldGroups = ['cell', 'settings', 'trials', 'counts', 'estimates', 'end'] as const
export type CellFields = Readonly<Record<(typeof fieldGroups)[number], Readonly<Record<string, FieldValue>>>>

const estimateColumns = ['value', 'low', 'high', 'confidence', 'method'] as const

/**
 * A cell of results as columns. Their names follow the structure of the Results document: `counts.ends.converged`,
 * `escape.low`. `settings` has further settings by path; those that are swept come first.
 */
export function fieldsOf(cell: CellNumbers, settings: Iterable<readonly [string, SettingValue]> = []): CellFields {
  const { index, id, params, trials, counts, estimates, stopped, steps, cpuSeconds, digest } = cell
  const set: Record<string, FieldValue> = {}
  for (const path in params) set[path] = plain(params[path])
  for (const [path, value] of settings) if (!(path in params)) set[path] = value
  const counted: Record<string, FieldValue> = { 'counts.escaped': BigInt(counts.escaped) }
  for (const group of ['ends', 'exits', 'settled', 'classes', 'marks'] as const)
    for (const name in counts[group]) counted[`counts.${group}.${name}`] = BigInt(counts[group][name as never])
  const estimated: Record<string, FieldValue> = {}
  for (const name in estimates)
    for (const column of estimateColumns) estimated[`${name}.${column}`] = estimates[name]![column]
  return {
    cell: { index, id },
    settings: set,
    trials: { trials: BigInt(trials) },
    counts: counted,
    estimates: estimated,
    end: { stopped: stopped?.rule ?? null, steps: BigInt(steps), cpuSeconds, digest },
  }
}

const plain = (value: unknown): FieldValue =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as FieldValue)
