import { count, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { define } from './define.ts'
import { integerShape, sweepShape } from './fields.ts'

/** The states of a cell, explained in the description of `state`. */
export const cellStates = ['waiting', 'running', 'open', 'met', 'max', 'failed'] as const

const numbers = z.array(z.number().nullable())

const cellsShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true, state: true }),
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
    .array(z.enum(['doubtful', 'wrong']).nullable())
    .describe('The worst verdict of the checks of each cell; null: no doubts, or no checks yet.'),
  params: z.record(z.string(), z.array(z.unknown())).describe('For each swept path, the value in each cell.'),
  estimates: z
    .record(z.string(), z.strictObject({ value: numbers, low: numbers, high: numbers }))
    .describe('Estimates by name. null: no estimate yet, or not a finite number.'),
})
export type CellsData = Plain<z.infer<typeof cellsShape>>

/** The cells of a sweep in columns, with only the data that a map shows. */
export const cells = define('Cells', cellsShape)

/** Returns `before` with the changed cells replaced and new cells added, in the order of their indices. */
export function mergedCells(before: CellsData | null, change: CellsData): CellsData {
  if (before === null) return change
  const places = new Map(before.index.map((index, at) => [index, at]))
  const added = change.index.filter((index) => !places.has(index))
  const order = [...before.index, ...added].sort((a, b) => a - b)
  const changed = new Map(change.index.map((index, at) => [index, at]))
  const list = <T>(old: readonly T[] | undefined, next: readonly T[] | undefined, empty: T): T[] =>
    order.map((index) => {
      const at = changed.get(index)
      if (at !== undefined && next !== undefined) return next[at]!
      return old?.[places.get(index)!] ?? empty
    })
  const keysOf = (a: object, b: object): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])]
  const estimates = Object.fromEntries(
    keysOf(before.estimates, change.estimates).map((name) => {
      const [old, next] = [before.estimates[name], change.estimates[name]]
      const side = (key: 'value' | 'low' | 'high') => list<number | null>(old?.[key], next?.[key], null)
      return [name, { value: side('value'), low: side('low'), high: side('high') }]
    }),
  )
  return {
    ...change,
    index: order,
    state: list(before.state, change.state, 'waiting'),
    trials: list(before.trials, change.trials, 0),
    shared: list(before.shared, change.shared, 0),
    doubt: list(before.doubt, change.doubt, null),
    params: Object.fromEntries(
      keysOf(before.params, change.params).map((path) => [
        path,
        list<unknown>(before.params[path], change.params[path], null),
      ]),
    ),
    estimates,
  }
}
