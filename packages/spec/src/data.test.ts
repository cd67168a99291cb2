import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { dataBytes, dataTable, rowReader, sharedTable, sizeOf, tableOfValues, widen, widened } from './data.ts'

const columns = 5
const rows = 30_000
const bytes = Uint8Array.from({ length: rows * columns }, (_, i) => (i * 7919) >> 3)
const stored = { bytes, divide: 255, scaled: 3 }
const doubles = Float64Array.from(bytes, (byte, i) => (i % columns < 3 ? byte / 255 : byte))

test('the same numbers have one hash, as bytes, as doubles, and with another hasher', () => {
  const table = dataTable(rows, columns, doubles)
  const native = () => {
    const hash = createHash('sha256')
    return { update: (part: Uint8Array) => hash.update(part), digest: () => hash.digest('hex') }
  }
  const whole = createHash('sha256').update(`driftfarm data 1\n${rows} ${columns}\n`).update(dataBytes(doubles))
  expect(table.hash).toBe(whole.digest('hex'))
  expect(tableOfValues(rows, columns, stored).hash).toBe(table.hash)
  expect(tableOfValues(rows, columns, stored, native).hash).toBe(table.hash)
  expect(tableOfValues(rows, columns, { ...stored, divide: 256 }).hash).not.toBe(table.hash)
  expect(() => tableOfValues(rows, 4, stored)).toThrow(RangeError)
})

test.each([
  ['as it is', (table: ReturnType<typeof tableOfValues>) => table],
  ['in shared memory', sharedTable],
])('a table of bytes %s is read as doubles', (_, made) => {
  const table = made(tableOfValues(rows, columns, stored))
  expect(widened(table)).toEqual(doubles)
  const read = rowReader(table)
  for (const row of [0, 1, rows - 1]) expect(read(row)).toEqual(doubles.slice(row * columns, (row + 1) * columns))
  const part = new Float64Array(2 * columns)
  widen(table.values, columns, 7, part)
  expect(part).toEqual(doubles.slice(7 * columns, 9 * columns))
  expect(sizeOf(table.values)).toBe(rows * columns)
})

test('a table without columns has no numbers', () => {
  expect(tableOfValues(3, 0, { bytes: new Uint8Array(), divide: 1, scaled: 0 }).hash).toBe(dataTable(3, 0, []).hash)
})
