import { openFresh } from '@driftfarm/testing/ledger'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { arrayOf } from './copy.ts'

let farm: Awaited<ReturnType<typeof openFresh>>
beforeAll(async () => {
  farm = await openFresh()
})
afterAll(() => farm.drop())

/** What the server finds in an array: its elements as text in order, none for an empty array. */
async function found(array: Buffer, type: string): Promise<readonly (string | null)[]> {
  const { rows } = await farm.database.pool.query<{ text: string | null }>(
    `select u.value::text as text from unnest($1::${type}[]) with ordinality u (value, place) order by place`,
    [array],
  )
  return rows.map(({ text }) => text)
}

test('the server reads the sent texts: one or more bytes per character, empty, null, none at all', async () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(...'aé漢😀"\\{},') }),
    fc.constantFrom('', 'NULL', '\u007f', '\u0080', 'x'.repeat(70_000), 'é'.repeat(70_000)),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text)), async (texts) => {
      expect(await found(arrayOf.text(texts), 'text')).toEqual(texts)
    }),
    { seed: 1, numRuns: 100, examples: [[[]], [[null]], [['']], [['a', 'é', null, '']]] },
  )
})

test('and JSON exactly', async () => {
  const texts = ['{"b": 1, "a":[1e400]}', null, '"é"', 'null', '{"deep":{"a":"\\u0041"}}']
  expect(await found(arrayOf.json(texts), 'json')).toEqual(texts)
  await expect(found(arrayOf.json(['{"a":1', '{}']), 'json')).rejects.toMatchObject({ code: '22P02' })
})

test('and numbers: limits of their types, nulls, fractions', async () => {
  const int4 = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), null]
  const int8 = [...int4, 2 ** 32, -(2 ** 32), -(2 ** 32) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]
  const float8 = [0.1, -1e300, 5e-324, null]
  const asText = (values: readonly (number | null)[]) => values.map((value) => (value === null ? null : String(value)))
  expect(await found(arrayOf.int4(int4), 'int4')).toEqual(asText(int4))
  expect(await found(arrayOf.int8(int8), 'int8')).toEqual(asText(int8))
  expect((await found(arrayOf.float8(float8), 'float8')).map((text) => text && Number(text))).toEqual(float8)
  const notFinite = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  expect(await found(arrayOf.float8(notFinite), 'float8')).toEqual(['NaN', 'Infinity', '-Infinity'])
  for (const none of [arrayOf.int4([]), arrayOf.float8([])]) expect(none.length).toBe(12)
})
