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

/** States of a batch. `out`: it is in the queue, at a worker, or on its way there. */
const batches = {
  ready: { out: true, is: 'handed out: it waits for a job in the queue, or for a worker' },
  leased: { out: true, is: 'a worker computes it' },
  done: { out: false, is: 'its tally and digest are kept' },
  failed: { out: false, is: 'given up: it failed or vanished too often' },
} as const satisfies Record<string, State & { readonly out: boolean }>

export type BatchState = keyof typeof batches
export const batchStates: Readonly<Record<BatchState, State & { readonly out: boolean }>> = batches

/** The states in which a batch is out. */
export type OutState = { [S in BatchState]: (typeof batches)[S]['out'] extends true ? S : never }[BatchState]
const names = Object.keys(batches) as readonly BatchState[]
export const outStates = names.filter((state): state is OutState => batches[state].out)
export const overStates = names.filter((state) => !batches[state].out)

interface Move<S> {
  readonly by: string
  readonly when: string
  /** Possible states before the move; null where it did not exist before. */
  readonly from: readonly (S | null)[]
  readonly to: readonly S[]
}

/** Moves of a batch. Each new attempt is a new generation, with a job of its own in the queue. */
export const batchMoves: readonly Move<BatchState>[] = [
  { by: 'leader', when: 'handed out: the next trials of the cell', from: [null], to: ['ready'] },
  { by: 'worker', when: 'leased, by a job of any generation', from: outStates, to: ['leased'] },
  { by: 'worker', when: 'committed: the first commit wins, of whatever lease', from: outStates, to: ['done'] },
  { by: 'worker', when: 'handed back by a worker that ends', from: ['leased'], to: ['ready'] },
  { by: 'worker', when: 'it failed: at the third time it is given up', from: ['leased'], to: ['ready', 'failed'] },
  {
    by: 'leader',
    when: 'its worker fell silent, or is far beyond its deadline: at the twentieth time it is given up',
    from: ['leased'],
    to: ['ready', 'failed'],
  },
  { by: 'leader', when: 'the queue has lost its job', from: outStates, to: ['ready'] },
  { by: 'leader', when: 'computed again: cut, or with richer rows', from: ['done'], to: ['ready'] },
  { by: 'user', when: 'its sweep is cancelled, and no other wants it', from: ['leased'], to: ['ready'] },
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
