import { layoutOf } from '@driftfarm/kernel'
import type { ResolvedCell } from '@driftfarm/spec'
import { dataHashOf } from './data.ts'
import { costOf } from './work.ts'

/*
 * Rows of farm.cell and farm.demand in COPY BINARY: a row is its number of fields (int16), and each field its length
 * (int32) and its bytes, all big-endian.
 */

export const copyCells = `copy farm.cell (id, canonical, method, kernel, exits, minima, classes, marks, horizon, data_hash,
  cost, form) from stdin (format binary)`
export const copyDemands = `copy farm.demand (sweep_id, index, cell_id, params, target) from stdin (format binary)`

export function cellRow({ id, canonical, cell }: ResolvedCell): Uint8Array {
  const { exits, minima, classes, marks, horizon } = layoutOf(cell)
  return row([
    Buffer.from(id, 'latin1'),
    Buffer.from(canonical),
    Buffer.from(cell.method.kind),
    int4(cell.kernel),
    texts(exits),
    texts(minima),
    texts(classes),
    texts(marks),
    int8(horizon),
    text(dataHashOf(cell)),
    float8(costOf(cell)),
    int4(formOf(canonical)),
  ])
}

export function demandRow(sweepId: string, { index, id, params }: ResolvedCell, target: number): Uint8Array {
  return row([
    Buffer.from(sweepId, 'latin1'),
    int4(index),
    Buffer.from(id, 'latin1'),
    // The binary form of jsonb is a version and the text.
    Buffer.concat([Buffer.of(1), Buffer.from(JSON.stringify(params))]),
    int8(target),
  ])
}

function row(fields: readonly (Buffer | null)[]): Uint8Array {
  const size = fields.reduce((sum, field) => sum + 4 + (field?.length ?? 0), 2)
  const out = Buffer.allocUnsafe(size)
  let at = out.writeInt16BE(fields.length, 0)
  for (const field of fields) {
    at = out.writeInt32BE(field === null ? -1 : field.length, at)
    if (field !== null) at += field.copy(out, at)
  }
  return out
}

function int4(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeInt32BE(value)
  return bytes
}

function int8(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

function float8(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeDoubleBE(value)
  return bytes
}

const text = (value: string | null): Buffer | null => (value === null ? null : Buffer.from(value))

const textType = 25
let lastTexts: { readonly of: string; readonly bytes: Buffer }[] = []

/** A text array. The last few are kept, since neighbouring cells mostly have the same names. */
function texts(names: readonly string[]): Buffer {
  const of = JSON.stringify(names)
  const known = lastTexts.find((each) => each.of === of)
  if (known !== undefined) return known.bytes
  const head = names.length === 0 ? [int4(0), int4(0), int4(textType)] : [int4(1), int4(0), int4(textType), int4(names.length), int4(1)]
  const bytes = Buffer.concat([...head, ...names.flatMap((name) => [int4(Buffer.byteLength(name)), Buffer.from(name)])])
  lastTexts = [{ of, bytes }, ...lastTexts.slice(0, 7)]
  return bytes
}

const numbers = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g

/**
 * A hash (FNV-1a, 32 bits) of a cell's canonical text without its numbers. Cells of one form mostly run by one compiled
 * module, so that bundles keep them together; nothing else rests on it.
 */
export function formOf(canonical: string): number {
  const form = canonical.replace(numbers, '0')
  let hash = 0x811c9dc5
  for (let i = 0; i < form.length; i++) hash = Math.imul(hash ^ form.charCodeAt(i), 0x01000193)
  return hash | 0
}
