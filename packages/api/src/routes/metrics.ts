import type { Database } from '@driftfarm/database'
import { farmCounts, farmProcesses, farmTotals } from '@driftfarm/database'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Context, Routes } from '../context.ts'

/** The farm's state is read at most so often, however many ask. */
const freshMs = 2_000

/** Metrics for Prometheus. None has a label for each sweep, cell or worker: those have no bound. */
export const metricRoutes: Routes = (app, context) => {
  const registry = registryOf(context)
  app.get('/metrics', { schema: { hide: true } }, async (_, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
}

/** What each metric says, by its name without the prefix. */
const gauges = {
  sweeps: 'Sweeps by their state.',
  batches_waiting: 'Batches that are handed out and not begun.',
  batches_running: 'Batches that are computed now.',
  batches_failed: 'Batches that were given up, until they are tried again.',
  demand_batches: 'Batches that wait or run: what workers are scaled by.',
  workers: 'Processes that take batches and are heard of.',
  threads: 'Threads of these processes.',
  leaders: 'Coordinators that lead: 1, or 0 where nobody does.',
  open_cells: 'Cells of sweeps that are worked on which want more trials.',
  watchers: 'Open streams of events.',
} as const

const counters = {
  trials_total: 'Trials that were stored.',
  batches_total: 'Batches that were stored.',
  cpu_seconds_total: 'Time of threads in the kernel, in seconds, of all that is stored.',
} as const

function registryOf({ database, feeds }: Context): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'driftfarm_' })
  const read = fresh(() => stateOf(database))
  for (const [name, help] of Object.entries(gauges))
    new Gauge({
      name: `driftfarm_${name}`,
      help,
      registers: [registry],
      ...(name === 'sweeps' ? { labelNames: ['state'] } : {}),
      async collect() {
        if (name === 'watchers') return this.set(feeds.watchers)
        const state = await read()
        if (name !== 'sweeps') return this.set(state.gauges[name as keyof typeof state.gauges])
        this.reset()
        for (const [word, count] of Object.entries(state.sweeps)) this.set({ state: word }, count)
      },
    })
  for (const [name, help] of Object.entries(counters))
    new Counter({
      name: `driftfarm_${name}`,
      help,
      registers: [registry],
      async collect() {
        const state = await read()
        this.reset()
        this.inc(state.counters[name as keyof typeof counters])
      },
    })
  return registry
}

async function stateOf(database: Database) {
  const [processes, { queue, sweeps }, totals] = await Promise.all([
    farmProcesses(database),
    farmCounts(database),
    farmTotals(database),
  ])
  const workers = processes.filter(({ kind, state }) => kind !== 'coordinator' && state !== 'silent')
  return {
    sweeps,
    gauges: {
      batches_waiting: queue.waiting,
      batches_running: queue.running,
      batches_failed: queue.failed,
      demand_batches: queue.waiting + queue.running,
      workers: workers.length,
      threads: workers.reduce((sum, { threads }) => sum + threads, 0),
      leaders: processes.some(({ leads }) => leads) ? 1 : 0,
      open_cells: totals.openCells,
    },
    counters: {
      trials_total: totals.trials,
      batches_total: totals.batches,
      cpu_seconds_total: totals.cpuSeconds,
    },
  }
}

/** The same answer for all who ask within a short time. */
function fresh<T>(read: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly value: Promise<T> } | null = null
  return () => {
    const now = performance.now()
    if (last === null || now - last.at > freshMs) {
      last = { at: now, value: read() }
      last.value.catch(() => {
        last = null
      })
    }
    return last.value
  }
}
