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
  sweeps_violated: {
    type: 'gauge',
    help: 'Sweeps that were stopped because a recomputed batch gave different bits.',
  },
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
  cpu_seconds_total: {
    type: 'counter',
    help: 'CPU time that kernels took to compute all stored batches.',
    unit: 's',
  },
} as const satisfies Readonly<Record<string, Metric>>

export type MetricName = keyof typeof metricTable

export const metricPrefix = 'driftfarm_'
