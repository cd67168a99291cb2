import fc from 'fast-check'
import { expect, test } from 'vitest'
import { values } from './values.ts'

const parse = values.getTypeParser(1009) as unknown as (text: string) => (string | null)[]

const needsQuotes = /^$|[{}",\\\s]|^null$/i
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

/** An array of texts as PostgreSQL prints it. */
const printed = (texts: readonly (string | null)[]): string =>
  `{${texts.map((text) => (text === null ? 'NULL' : needsQuotes.test(text) ? quoted(text) : text)).join(',')}}`

test('arrays of texts are read as they were, with quotes, commas, nulls and nothing at all', () => {
  expect(parse('{}')).toEqual([])
  expect(parse('{escape,exit:upper}')).toEqual(['escape', 'exit:upper'])
  expect(parse('{NULL,"NULL",""}')).toEqual([null, 'NULL', ''])
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'a,b"\\{} ') }),
    fc.constantFrom('null', 'NULLIFY'),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(fc.option(text)), (texts) => {
      expect(parse(printed(texts))).toEqual(texts)
    }),
    { seed: 1, numRuns: 500 },
  )
})
