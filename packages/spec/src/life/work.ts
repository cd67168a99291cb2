/** The states of requests, batches and workers. docs/reference/life.md describes the moves between them. */
interface State {
  readonly is: string
}

/** A request says how many trials of a cell a sweep needs, and what to store of them. */
export const demandStates = {
  open: { is: 'trials are still to be computed or evaluated' },
  done: { is: 'its trials are merged and its estimates are stored' },
  failed: { is: 'a batch that it needs was given up' },
} as const satisfies Record<string, State>

export type DemandState = keyof typeof demandStates

export const batchStates = {
  ready: { is: 'dispatched: it waits to be bundled, or its bundle waits for a worker' },
  leased: { is: 'a worker has its bundle' },
  parked: { is: 'dispatched, but no active sweep needs it now' },
  done: { is: 'its tally and digest are stored' },
  failed: { is: 'given up: it failed too often, or its worker was lost too often' },
} as const satisfies Record<string, State>

export type BatchState = keyof typeof batchStates
/**
 * States that a worker reports. A worker that has not reported for too long counts as lost, whatever state it last
 * reported.
 */
export const workerStates = {
  alive: { is: 'it takes batches' },
  draining: { is: 'it finishes its batches and takes no new ones' },
  gone: { is: 'it has signed off' },
} as const satisfies Record<string, State>

export type WorkerState = keyof typeof workerStates
/** The states of a worker that has not signed off. */
export const presentStates = (Object.keys(workerStates) as WorkerState[]).filter((state) => state !== 'gone')
