import { expect, test } from 'vitest'
import { documents } from '../documents.generated.ts'
import { issuesOf } from '../fixtures/issues.ts'
import { envelope } from './define.ts'
import type { ImportedData, ShardData } from './imported.ts'

const sweep = { id: 'b'.repeat(32), name: 'well' }
const failed = [{ cell: 3, first: 10, count: 5, message: 'no end after 60.0 s' }]
const file = { file: 's1', shard: { index: 1, of: 100 }, imported: 10, audited: 0, leftOut: 5, failed }
const data: ImportedData = {
  sweep: { ...sweep, state: 'interrupted' },
  files: [file, { ...file, file: 's2', shard: { index: 2, of: 100 }, failed: [] }],
  imported: 20,
  audited: 0,
  leftOut: '10000000000000000000',
  missing: {
    trials: 7,
    of: 100,
    shards: [2, 5, 6, 7, 17],
    gaps: [
      { cell: 0, first: 3, last: 8, shard: 2 },
      { cell: 1, first: 0, last: 0, shard: null },
    ],
  },
}

test('an import lists its files, failures, missing trials and the shards that contain them', () => {
  expect(issuesOf(documents.Imported, envelope('Imported', data))).toEqual([])
  expect(documents.Imported.table(data)).toBe(
    [
      'file   shard  imported  audited  not compared',
      's1     1/100        10        0  5',
      's2     2/100        10        0  5',
      'total               20        0  10000000000000000000',
      'could not be computed: cell 3, trials 10 to 14: no end after 60.0 s',
      'missing trials: 7',
      '  cell 0, trials 3 to 8, shard 2',
      '  cell 1, trials 0 to 0',
      'missing shards: 2, 5-7, 17 of 100',
      `well ${sweep.id} interrupted`,
      '',
    ].join('\n'),
  )
})

test('nothing is missing, or the shard is unknown', () => {
  const whole = { ...data, files: [{ ...file, failed: [] }], missing: { trials: 0, of: 100, shards: [], gaps: [] } }
  expect(documents.Imported.table(whole)).not.toMatch(/missing|total|could not/)
  const unknown = { ...data, missing: { ...data.missing, of: null, shards: null } }
  expect(issuesOf(documents.Imported, envelope('Imported', unknown))).toEqual([])
  expect(documents.Imported.table(unknown)).not.toContain('missing shards')
  const many = Array.from({ length: 50 }, (_, place) => 2 * place + 1)
  const table = documents.Imported.table({ ...data, missing: { ...data.missing, shards: many } })
  expect(table).toContain('missing shards: 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, ... of 100')
})

test('a shard reports what it has computed and what failed', () => {
  const shard: ShardData = {
    sweep,
    shard: { index: 7, of: 100 },
    file: 'shard-7.driftfarm',
    bytes: 1234,
    pieces: 3,
    trials: 300,
    failed,
    seconds: 1.25,
    cpuSeconds: 0.5,
  }
  expect(issuesOf(documents.Shard, envelope('Shard', shard))).toEqual([])
  const table = documents.Shard.table(shard)
  for (const part of [
    '7 of 100',
    '300 in 3 ranges',
    'shard-7.driftfarm, 1234 bytes',
    'cell 3, trials 10 to 14: no end',
  ])
    expect(table).toContain(part)
})
