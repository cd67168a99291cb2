/**
 * The states of the parts of a sweep: the demand on a cell, the batches of a cell, and the workers that compute them.
 */
interface State {
  readonly is: string
}

/** States of a demand: what a sweep asks of one of its cells. */
const demands = {
  open: { is: 'trials are to come, or to be looked at' },
  done: { is: 'its trials are merged and its estimates stored' },
  failed: { is: 'a batch that it needs was given up' },
} as const satisfies Record<string, State>

export type DemandState = keyof typeof demands
export const demandStates: Readonly<Record<DemandState, State>> = demands

/** States of a batch. */
const batches = {
  ready: { is: 'handed out: it waits to be bundled, or its bundle for a worker' },
  leased: { is: 'a worker has its bundle' },
  parked: { is: 'handed out, but no sweep that is worked on wants it now' },
  done: { is: 'its tally and digest are kept' },
  failed: { is: 'given up: it failed or vanished too often' },
} as const satisfies Record<string, State>

export type BatchState = keyof typeof batches
export const batchStates: Readonly<Record<BatchState, State>> = batches
const names = Object.keys(batches) as readonly BatchState[]
const out: readonly BatchState[] = ['ready', 'leased', 'parked']

interface Move<S> {
  readonly by: string
  readonly when: string
  /** Possible states before the move; null where it did not exist before. */
  readonly from: readonly (S | null)[]
  readonly to: readonly S[]
}

/**
 * Moves of a batch. Each time that it leaves a bundle undone is a new generation: what is left of a bundle is bundled
 * anew, with a job of its own in the queue.
 */
export const batchMoves: readonly Move<BatchState>[] = [
  { by: 'leader', when: 'handed out: the next trials of the cell', from: [null], to: ['ready'] },
  { by: 'worker', when: 'leased with its bundle, also from another worker', from: ['ready', 'leased'], to: ['leased'] },
  { by: 'worker', when: 'its bundle is leased, and no sweep wants it now', from: ['ready', 'leased'], to: ['parked'] },
  { by: 'leader', when: 'it is to be bundled, and no sweep wants it now', from: ['ready'], to: ['parked'] },
  { by: 'leader', when: 'a sweep that wants it is worked on again', from: ['parked'], to: ['ready'] },
  {
    by: 'worker',
    when: 'committed: the first commit wins, also where the batch was leased to another meanwhile',
    from: out,
    to: ['done'],
  },
  { by: 'worker', when: 'handed back by a worker that ends', from: ['leased'], to: ['ready'] },
  { by: 'worker', when: 'it failed: at the third time it is given up', from: ['leased'], to: ['ready', 'failed'] },
  {
    by: 'leader',
    when: 'its worker fell silent, or is far beyond its deadline: at the twentieth time it is given up',
    from: ['leased'],
    to: ['ready', 'failed'],
  },
  { by: 'leader', when: 'the queue has lost the job of its bundle', from: ['ready', 'leased'], to: ['ready'] },
  {
    by: 'leader',
    when: 'to be computed again: its cell ends within it, or more of its trials is to be kept',
    from: ['done'],
    to: ['ready'],
  },
  { by: 'user', when: 'its sweep is cancelled, and no other wants it', from: ['ready', 'leased'], to: ['parked'] },
  { by: 'user', when: '`driftfarm retry`', from: ['failed'], to: ['ready'] },
  { by: 'worker', when: 'computed again, it gave other bytes: the first ones are kept', from: names, to: ['done'] },
]

export const demandMoves: readonly Move<DemandState>[] = [
  { by: 'user', when: 'submitted', from: [null], to: ['open'] },
  { by: 'leader', when: 'its budget is met, or its stop rule says so', from: ['open'], to: ['done'] },
  { by: 'leader', when: 'a batch that it needs was given up', from: ['open'], to: ['failed'] },
  { by: 'user', when: 'something else is asked of the cell', from: ['open', 'done', 'failed'], to: ['open'] },
  { by: 'user', when: '`driftfarm retry`', from: ['failed'], to: ['open'] },
]

/**
 * States that a worker reports. A worker that has not been heard of for too long counts as lost, whatever it last
 * reported.
 */
const workers = {
  alive: { is: 'it takes batches' },
  draining: { is: 'it ends what it has and takes no more' },
  gone: { is: 'it said good-bye' },
} as const satisfies Record<string, State>

export type WorkerState = keyof typeof workers
export const workerStates: Readonly<Record<WorkerState, State>> = workers
/** The states of a worker that has not signed off. */
export const presentStates = (Object.keys(workers) as WorkerState[]).filter((state) => state !== 'gone')
