import {
  batchMoves,
  batchStates,
  type ControlVerb,
  demandMoves,
  demandStates,
  hintAfter,
  type SweepState,
  sweepMoves,
  sweepStateNames,
  sweepStates,
  sweepVerbs,
  workerStates,
} from '@driftfarm/spec'

/** docs/reference/life.md, from the tables that the farm itself goes by. */
export function lifeReference(): string {
  const verbs = Object.entries(sweepVerbs) as [ControlVerb, (typeof sweepVerbs)[ControlVerb]][]
  return `${[
    '# The lives of a sweep, its demands, batches and workers',
    '',
    'Made from `packages/spec/src/life` by `npm run generate`.',
    '',
    '## Sweep',
    '',
    'A live sweep is worked on while somebody attends it: its own `run`, or the farm. When nothing was heard of its',
    '`run` for 15 seconds it is shown as interrupted, even if no leader has noted it yet. A resting sweep waits for',
    'its user. One at an end moves only when more is asked of it.',
    '',
    ...table(
      ['state', 'phase', 'meaning'],
      sweepStateNames.map((state) => [`\`${state}\``, sweepStates[state].phase, sweepStates[state].is]),
    ),
    ...table(
      ['from', 'to', 'by', 'when'],
      [...Object.values(sweepMoves), ...Object.values(sweepVerbs)].flatMap(({ by, when, to }) =>
        moved(to).map(([from, state]) => [from, state, by, when]),
      ),
    ),
    'A verb that makes no sense in the present state is refused with exit code 6. If the sweep is in the wanted state',
    'already, the verb does nothing.',
    '',
    ...table(
      ['verb', 'answers', 'refused from, with the hint'],
      verbs.map(([verb, { to, answer }]) => {
        const refused = sweepStateNames.filter((state) => to[state] === undefined)
        const hints = [...new Set(refused.map((state) => hintAfter(verb, state)))]
        const text = hints.map(
          (hint) => `${words(refused.filter((state) => hintAfter(verb, state) === hint))}: ${hint}`,
        )
        return [`\`${verb}\``, answer, text.join('<br>')]
      }),
    ),
    '## Demand',
    '',
    'What a sweep asks of one of its cells.',
    '',
    ...lives(demandStates, demandMoves),
    '## Batch',
    '',
    'Each new chance of a batch is a new generation of it, and a job of its own in the queue. A batch that is done is',
    'computed again in two cases only: a cell ends in the middle of it, so that it has to be cut in two there; or more',
    'is asked of its trials than was kept of them, such as rows, a further horizon or another estimate. The digests of',
    'both times are compared.',
    '',
    ...lives(batchStates, batchMoves),
    '## Worker',
    '',
    'A worker that has not been heard of for 10 seconds loses its batches to others; after 15 seconds it is shown as',
    'silent. This holds whatever state it reported last.',
    '',
    ...statesTable(workerStates),
  ]
    .join('\n')
    .trimEnd()}\n`
}

const words = (states: readonly (string | null)[]): string =>
  states.map((state) => (state === null ? '-' : `\`${state}\``)).join(', ')

/** States before, by the one after, where the two differ. */
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
