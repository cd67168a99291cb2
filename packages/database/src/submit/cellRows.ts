import { beginningOf, plainSettings, type ResolvedCell } from '@driftfarm/spec'
import type { BinaryRows } from '../connection/binaryRows.ts'
import { tableHashesOf } from '../ledger/data.ts'
import type { EstimateContext } from '../ledger/layouts.ts'
import { costOf } from './work.ts'

export const copyCells = `copy farm.cell (id, canonical, method, kernel, exits, minima, classes, marks, horizon,
  data_hash, test_hash, start_hash, cost, form, settings) from stdin (format binary)`
export const copyRequests = `copy farm.request (sweep_id, index, cell_id, params, target)
  from stdin (format binary)`

/** `observe`: keys of the values that the first sweep with the cell observes. */
export function addCell(
  rows: BinaryRows,
  resolved: ResolvedCell,
  context: EstimateContext,
  observe: readonly string[],
): void {
  const { id, canonical, cell } = resolved
  const { exits, minima, classes, marks, horizon } = context.layout
  const { length, form, settings } = sharedBy(resolved, context)
  const tables = tableHashesOf(cell)
  rows
    .row(15)
    .text(id)
    .text(canonical)
    .text(cell.method.kind)
    .int4(cell.kernel)
    .texts(exits)
    .texts(minima)
    .texts(classes)
    .texts(marks)
    .int8(horizon)
    .text(tables.data)
    .text(tables.test)
    .text(tables.start)
    .float8(costOf(cell, observe))
    .int4(formOf(canonical.slice(length), form))
    .text(`${settings.slice(0, -1)},${textOf({ update: cell.update }).slice(1)}`)
}

/** What cells share that differ only in `update`, as most cells of a sweep do. */
interface Shared {
  readonly context: EstimateContext
  /** The length of the canonical text before `update`, and the form of this text (`formOf`). */
  readonly length: number
  readonly form: number
  /** The text of a JSON object whose keys are the paths of settings; see `plainSettings`. */
  readonly settings: string
}

let latest: Shared | null = null

function sharedBy({ canonical, cell: { update: _, ...rest } }: ResolvedCell, context: EstimateContext): Shared {
  if (latest?.context === context) return latest
  const beginning = beginningOf(canonical)
  latest = { context, length: beginning.length, form: formOf(beginning), settings: textOf(rest) }
  return latest
}

/**
 * Hashes (FNV-1a, 32 bits) the canonical text of a cell, or the part after a text whose hash is `before`. Every number
 * is first replaced by 0. Cells with the same form usually use the same compiled module, so bundles keep them together.
 * Nothing else depends on the form.
 */
function formOf(part: string, before = 0x811c9dc5): number {
  const text = part.replace(/-?\d[\d.e-]*/g, '0')
  let hash = before
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash | 0
}

const textOf = (parts: object): string => JSON.stringify(Object.fromEntries(plainSettings(parts)))
