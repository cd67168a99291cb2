import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SpecError } from '../errors.ts'
import { reported } from '../mistakes.ts'
import { csvRecords as recordsOf } from './scanner.ts'

const csvRecords = (text: string, file: string) => recordsOf(new TextEncoder().encode(text), file)
const fieldsOf = (text: string) => [...csvRecords(text, 't.csv')].map(({ fields }) => fields)

test('lines are those where records begin', () => {
  expect([...csvRecords('\uFEFFa,"b ""c"""\r\n"1\n2",\r\n\n  \nx,y', 't.csv')]).toEqual([
    { line: 1, fields: ['a', 'b "c"'] },
    { line: 2, fields: ['1\n2', ''] },
    { line: 6, fields: ['x', 'y'] },
  ])
})

test.each([
  ['a\rb\r', [['a'], ['b']]],
  ['""\n', [['']]],
  [' "a" ,b "c\n', [['a', 'b "c']]],
  [
    'a,\n,b',
    [
      ['a', ''],
      ['', 'b'],
    ],
  ],
  ['', []],
])('%j', (text, expected) => {
  expect(fieldsOf(text)).toEqual(expected)
})

describe('what no reader can hint is refused', () => {
  test.each([
    ['a,"b\nc,d', 't.csv:1:2: this table cannot be read: a quote is never closed; close it'],
    [','.repeat(1_000_001), 't.csv:1:1000001: this table cannot be read: this line has more than 1000000 values'],
    ['a\n"b"c,d', 't.csv:2:1: this table cannot be read: there is text after a closing quote'],
  ])('%#', (text, words) => {
    const read = () => reported(() => fieldsOf(text))
    expect(read).toThrow(SpecError)
    expect(read).toThrow(words)
  })
})

test('reads back whatever was written', () => {
  const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`
  fc.assert(
    fc.property(fc.array(fc.array(fc.string(), { minLength: 1 })), fc.constantFrom('\n', '\r\n', '\r'), (rows, end) => {
      expect(fieldsOf(rows.map((row) => row.map(quoted).join(',') + end).join(''))).toEqual(rows)
    }),
  )
})
