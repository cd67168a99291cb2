import { type Cell, plainSettings, type ResolvedCell } from '@driftfarm/spec'
import type { BinaryRows } from '../connection/binaryRows.ts'
import { dataHashOf } from '../ledger/data.ts'
import type { EstimateContext } from '../ledger/layouts.ts'
import { costOf } from './work.ts'

export const copyCells = `copy farm.cell (id, canonical, method, kernel, exits, minima, classes, marks, horizon,
  data_hash, cost, form, settings) from stdin (format binary)`
export const copyRequests = `copy farm.request (sweep_id, index, cell_id, params, target)
  from stdin (format binary)`

export function addCell(rows: BinaryRows, { id, canonical, cell }: ResolvedCell, context: EstimateContext): void {
  const { exits, minima, classes, marks, horizon } = context.layout
  rows
    .row(13)
    .text(id)
    .text(canonical)
    .text(cell.method.kind)
    .int4(cell.kernel)
    .texts(exits)
    .texts(minima)
    .texts(classes)
    .texts(marks)
    .int8(horizon)
    .text(dataHashOf(cell))
    .float8(costOf(cell))
    .int4(formOf(canonical))
    .text(settingsText(cell, context))
}

export function addRequest(
  rows: BinaryRows,
  sweepId: string,
  { index, id, params }: ResolvedCell,
  target: number,
): void {
  rows.row(5).text(sweepId).int4(index).text(id).jsonb(JSON.stringify(params)).int8(target)
}

/**
 * Hashes (FNV-1a, 32 bits) the canonical text of a cell with every number replaced by 0. Cells with the same form
 * usually use the same compiled module, so bundles keep them together. Nothing else depends on the form.
 */
export function formOf(canonical: string): number {
  const text = canonical.replace(/-?\d[\d.e-]*/g, '0')
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash | 0
}

/** Settings other than `update` are cached, because most cells differ only in `update`. */
let latest: { readonly context: EstimateContext; readonly text: string } | null = null

/** The text of a JSON object whose keys are the paths of settings; see `plainSettings`. */
function settingsText({ update, ...rest }: Cell, context: EstimateContext): string {
  if (latest?.context !== context) latest = { context, text: textOf(rest) }
  return `${latest.text.slice(0, -1)},${textOf({ update }).slice(1)}`
}

const textOf = (parts: object): string => JSON.stringify(Object.fromEntries(plainSettings(parts)))
