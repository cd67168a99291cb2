/** What is told of one metric. */
export interface Metric {
  readonly type: 'gauge' | 'counter'
  readonly help: string
  readonly label?: string
  /** As Grafana calls it; none: a number. */
  readonly unit?: 'bytes' | 's'
}

/** Every metric of the farm by its name without the prefix `driftfarm_`; those of Node itself stand beside. */
export const metricTable = {
  sweeps: { type: 'gauge', help: 'Sweeps by their state.', label: 'state' },
  sweeps_violated: {
    type: 'gauge',
    help: 'Sweeps that were stopped since a batch that was computed again gave other bits.',
  },
  open_cells: { type: 'gauge', help: 'Cells of sweeps that are worked on which want more trials.' },
  batches_waiting: { type: 'gauge', help: 'Batches that are handed out and not begun.' },
  batches_running: { type: 'gauge', help: 'Batches that are computed now.' },
  batches_failed: { type: 'gauge', help: 'Batches that were given up, until they are tried again.' },
  demand_batches: { type: 'gauge', help: 'Batches that wait or run: what workers are scaled by.' },
  workers: { type: 'gauge', help: 'Processes that take batches and are heard of.' },
  workers_silent: {
    type: 'gauge',
    help: 'Processes that did not sign off and have not been heard of for 15 s; forgotten after ten minutes.',
  },
  threads: { type: 'gauge', help: 'Threads of the processes that take batches.' },
  health: {
    type: 'gauge',
    help:
      '1 for the state that `driftfarm farm` reports: works, queue, leaderless, workerless, kernel, elsewhere or ' +
      'full.',
    label: 'state',
  },
  leaders: { type: 'gauge', help: '1 if a leading coordinator has reported within the last 4 s, else 0.' },
  queue_up: { type: 'gauge', help: '1 where the queue answers this coordinator, else 0.' },
  database_bytes: { type: 'gauge', help: 'Size of the database.', unit: 'bytes' },
  database_connections: { type: 'gauge', help: 'Connections that PostgreSQL has, of anybody.' },
  database_connections_max: { type: 'gauge', help: 'Connections that PostgreSQL takes.' },
  watchers: { type: 'gauge', help: 'Open streams of events.' },
  trials_total: { type: 'counter', help: 'Trials that were stored.' },
  batches_total: { type: 'counter', help: 'Batches that were stored.' },
  cpu_seconds_total: {
    type: 'counter',
    help: 'Time of threads in the kernel, of all that is stored.',
    unit: 's',
  },
} as const satisfies Readonly<Record<string, Metric>>

export type MetricName = keyof typeof metricTable

export const metricPrefix = 'driftfarm_'
