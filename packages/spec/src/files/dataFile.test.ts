import { expect, test } from 'vitest'
import { Mistake } from '../errors.ts'
import type { RawColumn } from './column.ts'
import { openData } from './dataFile.ts'
import arrays from './fixtures/arrays.json'
import parquet from './fixtures/parquet.json'
import { headerOf, npyBytes } from './npy.fixture.ts'

type Values = readonly (number | string | null)[]
interface Made {
  readonly bytes: string
  readonly columns: Readonly<Record<string, Values>>
}

const made = Object.entries({ ...arrays, ...parquet } as Readonly<Record<string, Made>>)
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))
const open = (...files: readonly Uint8Array[]) => openData((name) => files[Number(name)]!, '0', ['data', 'csv'])

function valuesOf(column: RawColumn, rows: number): Values {
  return Array.from({ length: rows }, (_, row) => {
    if (column.kind === 'words') return column.words[row]!
    const value = column.values[column.offset + column.stride * row]!
    return Number.isNaN(value) ? null : value
  })
}

function refusal(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof Mistake) return `${error.details.reason}; ${error.details.hint}`
    throw error
  }
  return 'nothing was thrown'
}

const files = made.filter(([name]) => name !== 'zstd.parquet')
test.each(files)('%s has the columns and values that its author gives', (_, { bytes, columns }) => {
  const file = open(bytesOf(bytes))
  expect(file.header).toEqual(Object.keys(columns))
  const wanted = file.header.map((name) => ({ name, path: [], words: true, fills: true }))
  const table = file.table(wanted, 'mean')
  const read = table.columns.map((column) => [column.name, valuesOf(column, table.rows.length)])
  expect(Object.fromEntries(read)).toEqual(columns)
})

test.each(files)('%s is refused if its end is missing', (_, { bytes }) => {
  const whole = bytesOf(bytes)
  const said = refusal(() => {
    const file = open(whole.subarray(0, whole.length - 5))
    file.table(file.header.map((name) => ({ name, path: [], words: true })))
  })
  expect(said).not.toBe('nothing was thrown')
})

test('a damaged gzip file is refused', () => {
  const packed = bytesOf(arrays['images-idx3-ubyte.gz'].bytes)
  packed[packed.length - 8]! ^= 1
  expect(refusal(() => open(packed))).toContain('it is damaged: a checksum is wrong; pack the file again')
})

test.each([
  ['zstd.parquet', () => bytesOf(parquet['zstd.parquet'].bytes), 'ZSTD; write the file again with columns of numbers'],
  ['a number', () => npyBytes([1], headerOf('()')), 'the array p is a single number'],
  ['texts', () => npyBytes([1], headerOf('(1,)', '<U2')), "its values are of type '<U2', not numbers"],
  ['records', () => npyBytes([1], headerOf('(1,)').replace("'<f8'", "[('a', '<f8')]")), "of type [('a', '<f8')]"],
  ['a row', () => npyBytes([], headerOf('(0, 2000000)')), 'it has 2000000 columns, but the limit is 1000000'],
  ['other bytes', () => new Uint8Array(100).fill(200).with(7, 0), 'its format is unknown; the formats are CSV'],
])('%s: refused with a reason', (_, bytes, words) => {
  const said = refusal(() => {
    const file = open(bytes())
    file.table(file.header.slice(0, 1).map((name) => ({ name, path: [], words: true })))
  })
  expect(said).toContain(words)
})

test('two arrays beside each other must have one length', () => {
  const [images, labels] = [arrays['images-idx3-ubyte.gz'], arrays['labels-idx1-ubyte']].map(({ bytes }) =>
    bytesOf(bytes),
  )
  const beside = (digit: Uint8Array) =>
    openData((name) => (name === 'p' ? images! : digit), { p: 'p', digit: 'd' }, ['data', 'idx'])
  expect(beside(labels!).header).toEqual([...Array.from({ length: 12 }, (_, j) => `p${j}`), 'digit'])
  const longer = npyBytes([1, 2, 3], headerOf('(3,)'))
  expect(refusal(() => beside(longer))).toContain('the array digit has length 3, but p has length 2')
})
