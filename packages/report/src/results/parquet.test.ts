import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import { rowsParquet } from '../document/rows.ts'
import { results } from '../fixtures/results.ts'
import { type ParquetRows, parquetFile } from '../format/parquet.ts'
import { cellsParquet } from './resultsParquet.ts'

async function written(rows: ParquetRows) {
  const pieces: Uint8Array[] = []
  for await (const piece of parquetFile(rows, { sweep: 'named' })) pieces.push(piece)
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  const metadata = parquetMetadata(bytes.buffer)
  return { metadata, rows: await parquetReadObjects({ file: bytes.buffer }) }
}

async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items
}

test('cells are read back unchanged, and each setting has one type', async () => {
  const { cells } = results
  const settings = cells.map(
    (_, at) =>
      new Map<string, number | string>([
        ['trial.steps', 1000],
        ['word', at === 1 ? 7 : 'x'],
      ]),
  )
  const { metadata, rows } = await written(
    await cellsParquet({ numbers: () => each(cells), settings: () => each(settings) }),
  )
  expect(metadata.key_value_metadata).toEqual([{ key: 'sweep', value: 'named' }])
  expect(
    rows.map((row) => [row.index, row['update.eta'], row.trials, row['escape.high'], row['trial.steps'], row.word]),
  ).toEqual(
    cells.map(({ index, params, trials, estimates }, at) => [
      index,
      params['update.eta'],
      BigInt(trials),
      estimates.escape!.high,
      1000,
      at === 1 ? '7' : 'x',
    ]),
  )
})

test('rows are read back unchanged, including non-finite numbers and missing steps', async () => {
  const records = [
    { cell: 0, trial: 0, end: 'escaped', escaped_at: 7, steps: 7, loss: 'NaN', marks: { low: 3 } },
    { cell: 0, trial: '9007199254740993', end: 'diverged', escaped_at: null, steps: 9, loss: 'Infinity', marks: {} },
  ]
  const columns = ['cell', 'trial', 'end', 'escaped_at', 'steps', 'loss', 'marks']
  const { rows } = await written(rowsParquet({ columns, records: each(records) }))
  expect(rows).toEqual([
    { cell: 0, trial: 0n, end: 'escaped', escaped_at: 7n, steps: 7n, loss: Number.NaN, marks: '{"low":3}' },
    {
      cell: 0,
      trial: 9007199254740993n,
      end: 'diverged',
      escaped_at: null,
      steps: 9n,
      loss: Number.POSITIVE_INFINITY,
      marks: '{}',
    },
  ])
})

test('no rows still give a valid file', async () => {
  const { metadata, rows } = await written(rowsParquet({ columns: ['cell', 'trial'], records: each([]) }))
  expect([metadata.num_rows, rows]).toEqual([0n, []])
})
