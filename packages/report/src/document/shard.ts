import { count, nonNegative, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { countText } from '../format/quantity.ts'
import { renderRecords } from '../format/table.ts'
import { define } from './define.ts'
import { integerShape } from './number.ts'
import { sweepShape } from './sweep.ts'

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
    renderRecords(
      ['', ''],
      [
        ['sweep', `${sweep.name} ${sweep.id}`],
        ['shard', `${index} of ${of}`],
        ['trials', `${trials} in ${countText(pieces, 'range')}`],
        ['time', `${seconds.toFixed(1)} s, CPU time ${cpuSeconds.toFixed(1)} s`],
        ['file', `${file}, ${bytes} bytes`],
        ...failed.map((piece) => ['failed', failedPieceText(piece)]),
      ],
      options,
    ),
})

export const failedPieceText = ({ cell, first, count: trials, message }: ShardData['failed'][number]): string =>
  `cell ${cell}, trials ${first} to ${first + trials - 1}: ${message}`
