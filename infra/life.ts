import {
  type BatchState,
  batchStates,
  type ControlVerb,
  type DemandState,
  demandStates,
  hintAfter,
  type SweepState,
  sweepMoves,
  sweepStateNames,
  sweepStates,
  sweepVerbs,
  workerStates,
} from '@driftfarm/spec'

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
    from: ['ready', 'leased', 'parked'],
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
    from: Object.keys(batchStates) as BatchState[],
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

/** docs/reference/life.md. The states, and the moves of sweeps, are from the tables that the farm itself uses. */
export function lifeReference(): string {
  const verbs = Object.entries(sweepVerbs) as [ControlVerb, (typeof sweepVerbs)[ControlVerb]][]
  return `${[
    '# States of sweeps, requests, batches and workers',
    '',
    'With this page you can look up what a state means and what changes it. It is generated from the code by',
    '`npm run generate`. In the tables, *leader* means the leading coordinator.',
    '',
    '## Sweep',
    '',
    'A *live* sweep is computed by its own `run` or by the farm. If its `run` sends no heartbeat for 15 seconds, the',
    'sweep is shown as interrupted, even if the leader has not recorded this yet. A *resting* sweep waits until its',
    'user acts. An *ended* sweep changes its state only if more is requested.',
    '',
    ...table(
      ['state', 'phase', 'meaning'],
      sweepStateNames.map((state) => [`\`${state}\``, sweepStates[state].phase, sweepStates[state].is]),
    ),
    ...table(
      ['from', 'to', 'by', 'when'],
      [...Object.values(sweepMoves), ...Object.values(sweepVerbs).map((verb) => ({ by: 'user', ...verb }))].flatMap(
        ({ by, when, to }) => moved(to).map(([from, state]) => [from, state, by, when]),
      ),
    ),
    'A user changes the state with a verb. If the verb is not possible in the present state, it is refused with exit',
    'code 6. If the sweep is already in the requested state, the verb does nothing.',
    '',
    ...table(
      ['verb', 'reply', 'refused in, with this hint'],
      verbs.map(([verb, { to, answer }]) => {
        const refused = sweepStateNames.filter((state) => to[state] === undefined)
        const hints = [...new Set(refused.map((state) => hintAfter(verb, state)))]
        const text = hints.map(
          (hint) => `${words(refused.filter((state) => hintAfter(verb, state) === hint))}: ${hint}`,
        )
        return [`\`${verb}\``, answer, text.join('<br>')]
      }),
    ),
    '## Request',
    '',
    'A request is what a sweep wants for one of its cells, such as a number of trials, a stopping rule or rows. SQL',
    'calls it `demand`.',
    '',
    ...lives(demandStates, demandMoves),
    '## Batch',
    '',
    'Each new attempt at a batch is a new *generation* of the batch, with a new job in the queue. A finished batch is',
    'recomputed only in two cases. If a cell ends within the batch, the batch is cut in two at this trial. If a',
    'request needs more data of its trials than was stored, such as rows, a longer horizon or another estimate, the',
    'trials are recomputed with this data. The digests of both computations are compared.',
    '',
    ...lives(batchStates, batchMoves),
    '## Worker',
    '',
    'If a worker sends no heartbeat for 10 seconds, its batches are dispatched to others. After 15 seconds it is shown',
    'as silent, whatever state it reported last.',
    '',
    ...statesTable(workerStates),
  ]
    .join('\n')
    .trimEnd()}\n`
}

const words = (states: readonly (string | null)[]): string =>
  states.map((state) => (state === null ? '-' : `\`${state}\``)).join(', ')

/** Returns the states before a move, grouped by the state after it. Moves that change nothing are left out. */
function moved(to: Readonly<Partial<Record<SweepState, SweepState>>>): [string, string][] {
  const pairs = (Object.entries(to) as [SweepState, SweepState][]).filter(([from, state]) => from !== state)
  return [...new Set(pairs.map(([, state]) => state))].map((state) => [
    words(pairs.filter(([, after]) => after === state).map(([from]) => from)),
    `\`${state}\``,
  ])
}

function lives(
  states: Readonly<Record<string, { readonly is: string }>>,
  moves: typeof batchMoves | typeof demandMoves,
): string[] {
  return [
    ...statesTable(states),
    ...table(
      ['from', 'to', 'by', 'when'],
      moves.map(({ from, to, by, when }) => [words(from), words(to), by, when]),
    ),
  ]
}

const statesTable = (states: Readonly<Record<string, { readonly is: string }>>): string[] =>
  table(
    ['state', 'meaning'],
    Object.entries(states).map(([state, { is }]) => [`\`${state}\``, is]),
  )

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  ...[head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`),
  '',
]
