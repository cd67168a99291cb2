import { count } from '@driftfarm/statistics'
import * as z from 'zod'
import { renderFacts } from '../format/table.ts'
import { define } from './define.ts'

const databaseStatusShape = z.strictObject({
  mode: z.enum(['embedded', 'farm']),
  version: z.string().describe('Version of the database server.'),
  migrations: z.enum(['current', 'behind', 'ahead']),
  sizeBytes: count,
  outcomeBytes: count.describe('Size of the recorded rows, which is part of sizeBytes.'),
  connections: z.strictObject({ used: count, max: count }),
  settings: z.record(z.string(), z.string()),
})

export const databaseStatus = define('DatabaseStatus', databaseStatusShape, {
  table: ({ mode, version, migrations, sizeBytes, outcomeBytes, connections, settings }, options) =>
    renderFacts(options, [
      ['mode', mode],
      ['version', version],
      ['migrations', migrations],
      ['size', `${mebibytes(sizeBytes)}, including ${mebibytes(outcomeBytes)} of recorded rows`],
      ['connections', `${connections.used} of ${connections.max}`],
      ...Object.entries(settings),
    ]),
})

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
