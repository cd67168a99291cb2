import { count, nonNegative, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { countText, runsOf } from '../format/quantity.ts'
import { renderColumns, renderFacts, type TableOptions } from '../format/table.ts'
import { define } from './define.ts'
import { integerShape, sweepShape } from './fields.ts'

/** The place of a shard among the shards of a sweep. */
export const shardPlaceShape = z
  .strictObject({ index: count.min(1), of: count.min(1) })
  .describe('Shard number and number of shards, such as `{"index": 7, "of": 100}`.')

/** A range of trials of one cell that could not be computed. */
export const failedPieceShape = z.strictObject({
  cell: count.describe('Cell index.'),
  first: count,
  count: count,
  message: z.string(),
})

const shardShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true }),
  shard: shardPlaceShape,
  file: z.string(),
  bytes: count.describe('File size.'),
  pieces: count.describe('Number of ranges of trials. Each range belongs to one cell.'),
  trials: integerShape.describe('Trials computed, over all cells.'),
  failed: z.array(failedPieceShape),
  seconds: nonNegative,
  cpuSeconds: nonNegative.describe('CPU time of the trials.'),
})
export type ShardData = Plain<z.infer<typeof shardShape>>

/** What `run --shard` prints. */
export const shard = define('Shard', shardShape, {
  table: ({ sweep, shard: { index, of }, file, bytes, pieces, trials, failed, seconds, cpuSeconds }, options) =>
    renderFacts(options, [
      ['sweep', `${sweep.name} ${sweep.id}`],
      ['shard', `${index} of ${of}`],
      ['trials', `${trials} in ${countText(pieces, 'range')}`],
      ['time', `${seconds.toFixed(1)} s, CPU time ${cpuSeconds.toFixed(1)} s`],
      ['file', `${file}, ${bytes} bytes`],
      ...failed.map((piece) => ['failed', failedPieceText(piece)]),
    ]),
})

export const failedPieceText = ({ cell, first, count: trials, message }: ShardData['failed'][number]): string =>
  `cell ${cell}, trials ${first} to ${first + trials - 1}: ${message}`

const countsShape = {
  imported: integerShape.describe('Trials stored by this import.'),
  audited: integerShape.describe('Trials that were already stored and are identical.'),
  leftOut: integerShape.describe(
    'Trials that were already stored or dispatched but not compared, because the file divides them into other ' +
      'batches than the database.',
  ),
}

const importedShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true, state: true }),
  files: z.array(
    z.strictObject({ file: z.string(), shard: shardPlaceShape, ...countsShape, failed: z.array(failedPieceShape) }),
  ),
  ...countsShape,
  missing: z.strictObject({
    trials: integerShape,
    of: count.nullable().describe('Number of shards; null if the files state different numbers.'),
    shards: z
      .array(count)
      .nullable()
      .describe('Shards to which the missing trials belong; null if the files disagree on the number of shards.'),
    gaps: z
      .array(
        z.strictObject({
          cell: count.describe('Cell index.'),
          first: count,
          last: count,
          shard: count
            .nullable()
            .describe('The shard to which these trials belong; null if they belong to several shards or to none.'),
        }),
      )
      .describe('The first ranges of missing trials.'),
  }),
})
export type ImportedData = Plain<z.infer<typeof importedShape>>

export const imported = define('Imported', importedShape, { table: importedTable })

/** The table lists at most this many gaps, and at most this many ranges of shards. */
const maxNamed = 10

function importedTable(data: ImportedData, options?: TableOptions): string {
  const { sweep, files, missing } = data
  const rows = files.map(({ shard: { index, of }, ...counts }) => ({ ...counts, shard: `${index}/${of}` }))
  const all = files.length > 1 ? [{ ...data, file: 'total', shard: '' }] : []
  const lines = [...rows, ...all]
  const table = renderColumns(options, lines, [
    ['file', ({ file }) => file],
    ['shard', ({ shard }) => shard],
    ['imported', (counts) => counts.imported],
    ['audited', ({ audited }) => audited],
    ['not compared', ({ leftOut }) => leftOut],
  ])
  const failed = files.flatMap((each) =>
    each.failed.map((piece) => `could not be computed: ${failedPieceText(piece)}\n`),
  )
  const standing = `${sweep.name} ${sweep.id} ${sweep.state}\n`
  return `${table}${failed.join('')}${missingText(missing)}${standing}`
}

function missingText({ trials, of, shards, gaps }: ImportedData['missing']): string {
  if (Number(trials) === 0) return ''
  const named = shards === null || shards.length === 0 ? '' : `missing shards: ${rangesText(shards)} of ${of}\n`
  const lines = gaps
    .slice(0, maxNamed)
    .map(({ cell, first, last, shard }) =>
      [`  cell ${cell}, trials ${first} to ${last}`, ...(shard === null ? [] : [`shard ${shard}`])].join(', '),
    )
  const more = gaps.length > maxNamed ? ['  ...'] : []
  return `missing trials: ${trials}\n${[...lines, ...more].join('\n')}\n${named}`
}

/** Such as `2, 5-9, 17`. */
function rangesText(sorted: readonly number[]): string {
  const runs = runsOf(sorted)
  return `${runs.slice(0, maxNamed).join(', ')}${runs.length > maxNamed ? ', ...' : ''}`
}
