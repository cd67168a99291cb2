import { count, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { define } from './define.ts'
import { integerShape, sweepShape } from './fields.ts'
import { doubtShape } from './findings.ts'

/** The states of a cell, explained in the description of `state`. */
export const cellStates = ['waiting', 'running', 'open', 'met', 'max', 'failed'] as const

const numbers = z.array(z.number().nullable())

const cellsShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true, state: true, method: true }),
  version: z.string().describe('A value that changes whenever a cell changes.'),
  total: count.describe('Number of cells for which the sweep requests trials.'),
  index: z.array(count).describe('Cell indices. Each of the other lists has one entry for each of these cells.'),
  state: z
    .array(z.enum(cellStates))
    .describe(
      'waiting: no trials yet. running: batches are being computed. open: has trials and needs more. met: all ' +
        'requested trials are stored, or the stopping rule is met. max: stopping rule not met; the cell ' +
        'ended at the maximum number of trials, or the budget was used up. failed: a batch was given up.',
    ),
  trials: z.array(integerShape),
  shared: z.array(z.union([z.literal(0), z.literal(1)])).describe('1: another sweep also contains the cell.'),
  doubt: z
    .array(doubtShape)
    .describe('The worst verdict of the checks of each finished cell; null: no doubts, or not finished.'),
  params: z.record(z.string(), z.array(z.unknown())).describe('For each swept path, the value in each cell.'),
  estimates: z
    .record(z.string(), z.strictObject({ value: numbers, low: numbers, high: numbers }))
    .describe('Estimates by name. null: no estimate yet, or not a finite number.'),
})
export type CellsData = Plain<z.infer<typeof cellsShape>>

/** The cells of a sweep in columns, with only the data that a map shows. */
export const cells = define('Cells', cellsShape)

/** Makes the columns of a document from those of other documents. A column that a document lacks is undefined. */
export function withColumns<Data>(all: readonly Data[], make: (columns: readonly Column[]) => Column): Data {
  const [first] = all.filter((each) => each !== undefined)
  if (Array.isArray(first)) return make(all as readonly Column[]) as Data
  if (typeof first !== 'object' || first === null) return first as Data
  const parts = all as readonly (Readonly<Record<string, unknown>> | undefined)[]
  const keys = [...new Set(parts.flatMap((part) => Object.keys(part ?? {})))]
  const allOf = (key: string) => parts.map((part) => part?.[key])
  return Object.fromEntries(keys.map((key) => [key, withColumns(allOf(key), make)])) as Data
}

type Column = readonly unknown[] | undefined

/** The cells that have changed, in columns. Without new cells, the parameters are left out. */
export type CellChanges = Omit<CellsData, 'params'> & Partial<Pick<CellsData, 'params'>>

/**
 * Returns `before` with the changed cells replaced and new cells added, in the order of their indices. If no
 * cell is new, `index` and `params` are the same objects as before.
 */
export function mergedCells(before: CellsData | null, change: CellChanges): CellsData {
  if (before === null) return change as CellsData
  const known = new Map(before.index.map((index, at) => [index, at]))
  const added = change.index.filter((index) => !known.has(index))
  const isGrown = added.length > 0
  const index = isGrown ? [...before.index, ...added].sort((a, b) => a - b) : before.index
  const from = isGrown ? index.map((each) => known.get(each)) : null
  const into = isGrown ? new Map(index.map((each, at) => [each, at])) : known
  const merged = withColumns([{ ...change, index } as CellsData, { ...before, index }], ([next, old]) => {
    if (next === index) return next
    if (next === undefined && from === null) return old
    const was = old ?? index.map(() => null)
    const column = from === null ? [...was] : from.map((at) => (at === undefined ? null : was[at]))
    if (next !== undefined) for (const [i, each] of change.index.entries()) column[into.get(each)!] = next[i]
    return column
  })
  return change.params === undefined ? { ...merged, params: before.params } : merged
}
