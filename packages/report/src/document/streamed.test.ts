import { expect, test } from 'vitest'
import { documents } from '../documents.generated.ts'
import { cell, results, streamOf, textOf } from '../fixtures/results.ts'
import { documentJson, jsonLines } from '../format/json.ts'
import { envelope } from './define.ts'
import { collectAll } from './streamed.ts'

const { streamed } = documents.Results
const whole = envelope('Results', results, ['a warning'])

test('cells read one at a time give the bytes of the whole document in every format', async () => {
  const stream = streamOf(results)
  expect(await textOf(streamed.json(stream))).toBe(`${documentJson(whole)}\n`)
  expect(await textOf(streamed.json(stream, { type: 'result' }))).toBe(
    `${documentJson({ type: 'result', ...whole })}\n`,
  )
  expect(await textOf(streamed.jsonl(stream))).toBe([...jsonLines(results.cells)].join(''))
  expect(await collectAll(stream)).toEqual(results)
})

test('columns added by a later cell are empty in earlier cells', async () => {
  const [first, second] = [cell(0, { 'let.a': 1 }, 3, 10), cell(1, { 'let.b': 'x', 'let.a': 2 }, 4, 10)]
  const { escape, ...others } = second.estimates
  const cells = [first, { ...second, estimates: { ...others, 'mark:m': escape!, escape: escape! } }]
  const stream = streamOf({ ...results, cells })
  const [titles, ...rows] = (await textOf(streamed.csv(stream)))
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
  const byTitle = rows.map((row) => Object.fromEntries(titles!.map((title, at) => [title, row[at]])))
  const { value } = first.estimates.escape!
  expect(byTitle[0]).toMatchObject({ 'let.a': '1', 'let.b': '', trials: '10', 'escape.value': String(value) })
  expect(byTitle[0]).toMatchObject({ 'mark:m.value': '', 'mark:m.method': '', digest: first.digest })
  expect(byTitle[1]).toMatchObject({ 'let.a': '2', 'let.b': 'x', 'mark:m.value': String(escape!.value) })
  const table = await textOf(streamed.table(stream, { width: 200 }))
  expect(table).toMatch(/^cell +a +b +trials .* mark:m2 +mark:m +settle:left/m)
  expect(table).toMatch(/^ +0 +1 +10 .* 0 \[0, 0\.31\] {20,}0\.70/m)
})

test('no cells give the bytes of an empty document', async () => {
  const none = { ...results, cells: [], findings: [] }
  expect(await textOf(streamed.json(streamOf(none)))).toBe(
    `${documentJson(envelope('Results', none, ['a warning']))}\n`,
  )
})

test('numbers that JSON lacks are text at every level', () => {
  expect(documentJson({ a: [1, Number.NaN], b: { c: Number.NEGATIVE_INFINITY }, d: null, e: 'x' })).toBe(
    '{"a":[1,"NaN"],"b":{"c":"-Infinity"},"d":null,"e":"x"}',
  )
})
