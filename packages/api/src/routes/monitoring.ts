import { setTimeout as delay } from 'node:timers/promises'
import { type Database, farmCounts, farmProcesses, farmTotals, stateOfFarm } from '@driftfarm/database'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Context, Routes } from '../context.ts'
import { kept } from '../kept.ts'

/** Shortest interval in ms between two reads of the farm's state, for all clients together. */
const freshMs = 2_000
/**
 * Shortest interval in ms between two checks of the queue. This interval is longer than `freshMs`, because each check
 * opens a connection.
 */
const queueFreshMs = 10_000
/** Time limit in ms for an answer of the queue. Prometheus itself gives up after ten seconds. */
const queueAnswerMs = 3_000

/**
 * Health probes and metrics, outside `/api`. No metric has a label for a sweep, cell or worker, because the number of
 * label values would be unbounded.
 */
export const monitoringRoutes: Routes = (app, context) => {
  const { database } = context
  app.get('/healthz', { config: { role: 'anyone' }, schema: { hide: true } }, async (_, reply) =>
    reply.type('text/plain; charset=utf-8').send('alive\n'),
  )
  app.get('/readyz', { config: { role: 'anyone' }, schema: { hide: true } }, async (_, reply) => {
    try {
      await database.pool.query('select 1')
      return reply.type('text/plain; charset=utf-8').send('ready\n')
    } catch {
      return reply.code(503).type('text/plain; charset=utf-8').send('the database cannot be reached\n')
    }
  })
  const registry = registryOf(context)
  app.get('/metrics', { schema: { hide: true } }, async (_, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
}

type State = Readonly<Record<MetricName, number | Readonly<Record<string, number>>>>

function registryOf({ database, feeds, session }: Context): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: metricPrefix })
  const queueUp = kept(queueFreshMs, () => respondsNow(session.queue().check()))
  const read = kept(freshMs, async (): Promise<State> => {
    const [state, queue_up] = await Promise.all([stateOf(database), queueUp()])
    return { ...state, queue_up, watchers: feeds.watchers() }
  })
  for (const [name, { type, help, label }] of Object.entries(metricTable) as [MetricName, Metric][]) {
    const Kind = type === 'gauge' ? Gauge : Counter
    new Kind({
      name: `${metricPrefix}${name}`,
      help,
      registers: [registry],
      labelNames: label === undefined ? [] : [label],
      // If the state cannot be read, the whole response fails, because zeros would look like an idle farm.
      async collect(this: Gauge | Counter) {
        const value = (await read())[name]
        this.reset()
        if (typeof value === 'number') return this.inc(value)
        for (const [word, count] of Object.entries(value)) this.inc({ [label!]: word }, count)
      },
    })
  }
  return registry
}

async function stateOf(database: Database): Promise<Omit<State, 'queue_up' | 'watchers'>> {
  const [farm, processes, { queue, sweeps }, totals] = await Promise.all([
    stateOfFarm(database),
    farmProcesses(database),
    farmCounts(database),
    farmTotals(database),
  ])
  const workers = processes.filter(({ kind, state }) => kind !== 'coordinator' && state !== 'silent')
  return {
    health: { [farm?.state ?? 'works']: 1 },
    sweeps,
    batches_waiting: queue.waiting,
    batches_running: queue.running,
    batches_failed: queue.failed,
    demand_batches: queue.waiting + queue.running,
    workers: workers.length,
    workers_silent: processes.filter(({ state }) => state === 'silent').length,
    threads: workers.reduce((sum, { threads }) => sum + threads, 0),
    leaders: processes.some(({ leads }) => leads) ? 1 : 0,
    ...totals,
  }
}

/** 1 if the queue answers in time, else 0. */
function respondsNow(check: Promise<unknown>): Promise<number> {
  const answer = check.then(
    () => 1,
    () => 0,
  )
  return Promise.race([answer, delay(queueAnswerMs, 0, { ref: false })])
}

export interface Metric {
  readonly type: 'gauge' | 'counter'
  readonly help: string
  readonly label?: string
  /** The unit in Grafana; none for a plain number. */
  readonly unit?: 'bytes' | 's'
}

/** Metrics by name, without `metricPrefix`. The metrics of Node are not in this table. */
export const metricTable = {
  sweeps: { type: 'gauge', help: 'Number of sweeps in each state.', label: 'state' },
  sweeps_violated: { type: 'gauge', help: 'Sweeps that were stopped because a recomputed batch gave different bits.' },
  open_cells: { type: 'gauge', help: 'Cells of active sweeps that need more trials.' },
  batches_waiting: { type: 'gauge', help: 'Batches that were dispatched but have not started.' },
  batches_running: { type: 'gauge', help: 'Batches that are running.' },
  batches_failed: {
    type: 'gauge',
    help: 'Batches that were given up because every attempt failed, and have not been retried since.',
  },
  demand_batches: {
    type: 'gauge',
    help: 'Batches that are waiting or running. Scale the number of workers by this metric.',
  },
  workers: { type: 'gauge', help: 'Processes that compute batches and send heartbeats.' },
  workers_silent: {
    type: 'gauge',
    help:
      'Processes that did not sign off and sent no heartbeat for 15 s. They are no longer counted after ten ' +
      'minutes.',
  },
  threads: { type: 'gauge', help: 'Number of threads, summed over the processes that compute batches.' },
  health: {
    type: 'gauge',
    help:
      'Always 1. The label `state` is the current state of the farm: works, queue, leaderless, workerless, kernel, ' +
      'elsewhere or full. `driftfarm farm` explains the state.',
    label: 'state',
  },
  leaders: { type: 'gauge', help: '1 if a leading coordinator has reported within the last 4 s, else 0.' },
  queue_up: { type: 'gauge', help: '1 if the queue answers this coordinator, else 0.' },
  database_bytes: { type: 'gauge', help: 'Size of the database.', unit: 'bytes' },
  database_connections: { type: 'gauge', help: 'Connections to PostgreSQL that are open, from all clients.' },
  database_connections_max: { type: 'gauge', help: 'Maximum number of connections that PostgreSQL allows.' },
  watchers: { type: 'gauge', help: 'Event streams that are open.' },
  trials_total: { type: 'counter', help: 'Stored trials.' },
  batches_total: { type: 'counter', help: 'Stored batches.' },
  cpu_seconds_total: { type: 'counter', help: 'CPU time that kernels took to compute all stored batches.', unit: 's' },
} as const satisfies Readonly<Record<string, Metric>>

export type MetricName = keyof typeof metricTable

export const metricPrefix = 'driftfarm_'
