import { findingsOf } from '@driftfarm/statistics'
import { expect, test } from 'vitest'
import { documents } from '../documents.ts'
import { cell, results } from '../fixtures/results.ts'
import { jsonLines } from '../stream/jsonLines.ts'
import type { Pieces } from './define.ts'
import { documentJson, envelope } from './envelope.ts'
import { GatheredFindings } from './gatheredFindings.ts'
import type { ResultsData } from './results.ts'
import { collected } from './streamed.ts'
import type { StreamedResults } from './streamedResults.ts'

function streamOf({ sweep, cells, contrasts, findings }: ResultsData): StreamedResults {
  async function* each() {
    yield* cells
  }
  const tail = async () => ({ contrasts, findings })
  return { head: { sweep }, warnings: ['a warning'], cells: each, numbers: each, tail }
}

async function textOf(pieces: Pieces): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

const { streamed } = documents.Results
const whole = envelope('Results', results, ['a warning'])

test('cells that come one at a time give the bytes of the whole document, in every format', async () => {
  const stream = streamOf(results)
  expect(await textOf(streamed.json(stream))).toBe(`${documentJson(whole)}\n`)
  expect(await textOf(streamed.json(stream, { type: 'result' }))).toBe(
    `${documentJson({ type: 'result', ...whole })}\n`,
  )
  expect(await textOf(streamed.csv(stream))).toBe(documents.Results.csv!(results))
  expect(await textOf(streamed.jsonl(stream))).toBe([...jsonLines(results.cells)].join(''))
  for (const options of [{ width: 120 }, { width: 60, color: true }, { most: 2 }])
    expect(await textOf(streamed.table(stream, options))).toBe(documents.Results.table(results, options))
  expect(await collected(stream)).toEqual(results)
})

test('so do none', async () => {
  const none = { ...results, cells: [], findings: [] }
  expect(await textOf(streamed.json(streamOf(none)))).toBe(
    `${documentJson(envelope('Results', none, ['a warning']))}\n`,
  )
  expect(await textOf(streamed.table(streamOf(none)))).toBe(documents.Results.table(none))
})

test('numbers that JSON lacks are text, wherever they stand', () => {
  expect(documentJson({ a: [1, Number.NaN], b: { c: Number.NEGATIVE_INFINITY }, d: null, e: 'x' })).toBe(
    '{"a":[1,"NaN"],"b":{"c":"-Infinity"},"d":null,"e":"x"}',
  )
})

test('findings that are gathered cell by cell are those of all cells', () => {
  const cells = Array.from({ length: 60 }, (_, index) => cell(index, {}, index % 7, 10 + (index % 3)))
  const gathered = new GatheredFindings()
  for (const { index, checks } of cells) gathered.add(index, checks)
  expect(gathered.all()).toEqual(findingsOf(cells))
  expect(gathered.all().length).toBeGreaterThan(0)
})
