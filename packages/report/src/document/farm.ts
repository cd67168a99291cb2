import { count, decimal, nonNegative, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { durationText, short } from '../format/quantity.ts'
import { renderColumns, renderFacts, type TableOptions } from '../format/table.ts'
import { define } from './define.ts'
import { idShape, timeShape } from './fields.ts'
import { farmShape } from './status.ts'

const workShape = z.strictObject({
  sweep: idShape,
  name: z.string(),
  batches: count,
  trials: decimal,
  startedAt: timeShape.nullable().describe('null: the process has taken the batches but not started them.'),
})

const processShape = z.strictObject({
  id: z.string(),
  kind: z.enum(['up', 'run', 'worker', 'coordinator']),
  host: z.string(),
  pid: count,
  threads: count.describe('0 for a coordinator, which computes nothing.'),
  kernel: count.describe('Kernel version.'),
  queue: z.string().nullable().describe('Queue from which the process takes bundles.'),
  state: z
    .enum(['alive', 'draining', 'late', 'silent'])
    .describe('late: one heartbeat was missed. silent: five heartbeats were missed.'),
  leads: z.boolean().describe('Whether this process is the leading coordinator.'),
  startedAt: timeShape,
  seenAt: timeShape,
  batches: count,
  trials: decimal,
  cpuSeconds: nonNegative,
  engine: z
    .string()
    .nullable()
    .describe('Which engine computes, and why not the other; null if it is unknown, or nothing was computed yet.'),
  now: z
    .array(workShape)
    .describe('The batches that the process is computing, by sweep; empty if the process is idle.'),
})

const wholeFarmShape = z.strictObject({
  farm: farmShape
    .nullable()
    .describe('Whether the farm can compute the sweeps that are waiting; null if no sweep is waiting.'),
  processes: z
    .array(processShape)
    .describe('All processes that have not signed off: the leading coordinator, then the others by start time.'),
  threads: count.describe('Number of threads of all processes that are not silent.'),
  queue: z.strictObject({
    waiting: count.describe('Batches that were dispatched but have not started.'),
    running: count.describe('Batches that are being computed.'),
    failed: count.describe('Batches that were given up and have not been retried.'),
  }),
  lastMinute: z
    .strictObject({ batches: count, trials: decimal, cpuSeconds: nonNegative })
    .describe('Results stored in the last minute.'),
  sweeps: z.record(z.string(), count).describe('Number of sweeps in each state; states without sweeps are absent.'),
  database: z.strictObject({ version: z.string(), bytes: count, outcomeBytes: count }),
})
export type WholeFarmData = Plain<z.infer<typeof wholeFarmShape>>

export const farm = define('Farm', wholeFarmShape, { table: farmTable })

function farmTable(data: WholeFarmData, options?: TableOptions): string {
  const { processes, threads, queue, lastMinute, sweeps, database } = data
  const states = Object.entries(sweeps).map(([state, number]) => `${number} ${state}`)
  const share = threads === 0 ? null : lastMinute.cpuSeconds / (60 * threads)
  const busy = share === null ? '' : `, threads ${Math.round(share * 100)} % busy`
  const above = renderFacts(options, [
    ['farm', data.farm?.words || (data.farm === null ? 'idle: no sweep is waiting' : 'running')],
    ['sweeps', states.join(', ') || 'none'],
    ['batches', `${queue.running} running, ${queue.waiting} waiting, ${queue.failed} failed`],
    ['last minute', `${short(BigInt(lastMinute.trials))} trials in ${lastMinute.batches} batches${busy}`],
    ['database', `PostgreSQL ${database.version}, ${(database.bytes / 2 ** 30).toFixed(2)} GiB`],
  ])
  if (processes.length === 0) return above
  const below = renderColumns(options, processes, [
    ['process', ({ id }) => id],
    ['kind', ({ leads, kind }) => (leads ? `${kind}, leads` : kind)],
    ['state', ({ state }) => state],
    ['threads', (each) => each.threads],
    ['uptime', ({ seenAt, startedAt }) => durationText((Date.parse(seenAt) - Date.parse(startedAt)) / 1000)],
    ['trials', ({ trials }) => short(BigInt(trials))],
    ['computing (batches)', ({ now }) => now.map(({ name, batches }) => `${name} (${batches})`).join(', ') || '-'],
  ])
  const engines = processes.filter(({ engine }) => engine !== null)
  const engineLines = engines.map(({ id, engine }) => `${id} computes with ${engine}\n`)
  return `${above}\n${below}${engineLines.length > 0 ? `\n${engineLines.join('')}` : ''}`
}
