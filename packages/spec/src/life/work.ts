/** The states of requests, batches and workers, and the moves between the states of requests and batches. */
interface State {
  readonly is: string
}

/** A request says how many trials of a cell a sweep needs, and what to store of them. */
const demands = {
  open: { is: 'trials are still to be computed or evaluated' },
  done: { is: 'its trials are merged and its estimates are stored' },
  failed: { is: 'a batch that it needs was given up' },
} as const satisfies Record<string, State>

export type DemandState = keyof typeof demands
export const demandStates: Readonly<Record<DemandState, State>> = demands

const batches = {
  ready: { is: 'dispatched: it waits to be bundled, or its bundle waits for a worker' },
  leased: { is: 'a worker has its bundle' },
  parked: { is: 'dispatched, but no active sweep needs it now' },
  done: { is: 'its tally and digest are stored' },
  failed: { is: 'given up: it failed too often, or its worker was lost too often' },
} as const satisfies Record<string, State>

export type BatchState = keyof typeof batches
export const batchStates: Readonly<Record<BatchState, State>> = batches
const names = Object.keys(batches) as readonly BatchState[]
const out: readonly BatchState[] = ['ready', 'leased', 'parked']

interface Move<S> {
  readonly by: string
  readonly when: string
  /** Possible states before the move; null stands for an object that the move creates. */
  readonly from: readonly (S | null)[]
  readonly to: readonly S[]
}

/**
 * Moves of a batch. Each time an unfinished batch leaves its bundle, a new generation of the batch begins. When the
 * batch is bundled again, the new bundle has its own job in the queue.
 */
export const batchMoves: readonly Move<BatchState>[] = [
  { by: 'leader', when: 'the next trials of the cell are dispatched', from: [null], to: ['ready'] },
  {
    by: 'worker',
    when: 'its bundle is leased, possibly taken over from another worker',
    from: ['ready', 'leased'],
    to: ['leased'],
  },
  {
    by: 'worker',
    when: 'its bundle is leased, but no sweep needs the batch now',
    from: ['ready', 'leased'],
    to: ['parked'],
  },
  { by: 'leader', when: 'it waits to be bundled, but no sweep needs it now', from: ['ready'], to: ['parked'] },
  { by: 'leader', when: 'a sweep that needs it is active again', from: ['parked'], to: ['ready'] },
  {
    by: 'worker',
    when: 'committed: the first commit wins, even if the batch has since been leased to another worker',
    from: out,
    to: ['done'],
  },
  { by: 'worker', when: 'returned by a worker that shuts down', from: ['leased'], to: ['ready'] },
  {
    by: 'worker',
    when: 'it failed; after the third failure, it is given up',
    from: ['leased'],
    to: ['ready', 'failed'],
  },
  {
    by: 'leader',
    when:
      'its worker stopped reporting, or its bundle is far beyond its deadline; after the twentieth time, the batch ' +
      'is given up',
    from: ['leased'],
    to: ['ready', 'failed'],
  },
  { by: 'leader', when: 'the queue has lost the job of its bundle', from: ['ready', 'leased'], to: ['ready'] },
  {
    by: 'leader',
    when: 'it must be recomputed: its cell stops at a trial inside the batch, or a sweep needs more stored outcomes',
    from: ['done'],
    to: ['ready'],
  },
  {
    by: 'user',
    when: 'its sweep is cancelled, and no other sweep needs it',
    from: ['ready', 'leased'],
    to: ['parked'],
  },
  { by: 'user', when: '`driftfarm retry`', from: ['failed'], to: ['ready'] },
  {
    by: 'worker',
    when: 'recomputing it gave different bytes; the first result stays stored',
    from: names,
    to: ['done'],
  },
]

export const demandMoves: readonly Move<DemandState>[] = [
  { by: 'user', when: 'submitted', from: [null], to: ['open'] },
  {
    by: 'leader',
    when: 'its requested trials are computed, or its stopping rule is met',
    from: ['open'],
    to: ['done'],
  },
  { by: 'leader', when: 'a batch that it needs was given up', from: ['open'], to: ['failed'] },
  { by: 'user', when: 'the request for the cell changes', from: ['open', 'done', 'failed'], to: ['open'] },
  { by: 'user', when: '`driftfarm retry`', from: ['failed'], to: ['open'] },
]

/**
 * States that a worker reports. A worker that has not reported for too long counts as lost, whatever state it last
 * reported.
 */
const workers = {
  alive: { is: 'it takes batches' },
  draining: { is: 'it finishes its batches and takes no new ones' },
  gone: { is: 'it has signed off' },
} as const satisfies Record<string, State>

export type WorkerState = keyof typeof workers
export const workerStates: Readonly<Record<WorkerState, State>> = workers
/** The states of a worker that has not signed off. */
export const presentStates = (Object.keys(workers) as WorkerState[]).filter((state) => state !== 'gone')
