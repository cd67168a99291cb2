/**
 * The life of a sweep: its states and the moves between them. SQL conditions, refusals of commands, schemas of
 * documents and docs/reference/life.md are all derived from this table.
 */

/**
 *  - live: the sweep is computed as long as a process is responsible for it.
 *  - resting: it waits until a user continues it.
 *  - ended: it is computed again only after a user submits, extends or retries it.
 */
type Phase = 'live' | 'resting' | 'ended'

/** The states of a sweep, in the order in which a sweep can pass through them. */
export const sweepStates = {
  planned: { phase: 'live', is: 'submitted; no batch has been dispatched since' },
  running: { phase: 'live', is: 'batches are dispatched' },
  paused: { phase: 'resting', is: 'paused by the user; running batches may finish' },
  interrupted: {
    phase: 'resting',
    is: 'the `run` that computed it was interrupted, timed out, or ended without reporting its end',
  },
  stopped: {
    phase: 'ended',
    is: 'ended by the user, or because recomputed trials differed from the stored ones; running batches may finish',
  },
  cancelled: { phase: 'ended', is: 'ended by the user, including its running batches' },
  incomplete: {
    phase: 'ended',
    is: 'ended, but batches were given up, an invariant is violated, or its batch counts are inconsistent',
  },
  complete: { phase: 'ended', is: 'everything requested is computed, and the invariants hold' },
} as const satisfies Record<string, { readonly phase: Phase; readonly is: string }>

export type SweepState = keyof typeof sweepStates

export const sweepStateNames = Object.keys(sweepStates) as readonly SweepState[]

const inPhase = (...phases: Phase[]): readonly SweepState[] =>
  sweepStateNames.filter((state) => phases.includes(sweepStates[state].phase))

/** In these states, a sweep is computed as long as a process is responsible for it. */
export const liveStates = inPhase('live')
export const isLive = (state: SweepState): boolean => sweepStates[state].phase === 'live'
export const isEnded = (state: SweepState): boolean => sweepStates[state].phase === 'ended'

interface Move {
  readonly by: string
  readonly when: string
  /** The state after the move, for each state from which the move is possible. */
  readonly to: Readonly<Partial<Record<SweepState, SweepState>>>
}

const into = (to: SweepState, from: readonly SweepState[]): Move['to'] =>
  Object.fromEntries(from.map((state) => [state, to]))
const unchanged = (from: readonly SweepState[]): Move['to'] => Object.fromEntries(from.map((state) => [state, state]))

const unended = inPhase('live', 'resting')

/** A move that a user requests by name. It is refused if `to` does not contain the current state of the sweep. */
export interface SweepVerb extends Omit<Move, 'by'> {
  /** The reason that is stored with the new state and shown to users; null if none is needed. */
  readonly reason: string | null
  /** What the command prints afterwards. */
  readonly answer: string
}

const verbs = {
  pause: {
    when: '`driftfarm pause`',
    to: { ...into('paused', liveStates), ...unchanged(['paused']) },
    reason: 'paused by the user',
    answer: 'paused',
  },
  resume: {
    when: '`driftfarm resume`',
    to: { ...unchanged(liveStates), paused: 'running' },
    reason: null,
    answer: 'resumed',
  },
  stop: {
    when: '`driftfarm stop`',
    to: into('stopped', [...unended, 'stopped']),
    reason: 'stopped by the user',
    answer: 'stopping: running batches finish, and finished trials stay stored',
  },
  cancel: {
    when: '`driftfarm cancel`',
    to: into('cancelled', [...unended, 'stopped', 'cancelled']),
    reason: 'cancelled by the user',
    answer: 'cancelled: finished trials stay stored',
  },
  retry: {
    when: '`driftfarm retry`, if batches were given up or the sweep is incomplete',
    to: { ...into('planned', [...unended, 'stopped', 'cancelled', 'incomplete']), running: 'running' },
    reason: null,
    answer: 'failed batches will be computed again',
  },
} as const satisfies Record<string, SweepVerb>

export type ControlVerb = keyof typeof verbs
export const sweepVerbs: Readonly<Record<ControlVerb, SweepVerb>> = verbs

/** What the user can do instead when a verb is refused. */
export function hintAfter(verb: ControlVerb, state: SweepState): string {
  if (state === 'complete') return 'All its trials are done.'
  return verb === 'resume' ? 'Run the sweep again to continue it.' : '`driftfarm status SWEEP` shows its state.'
}

/** Moves of a sweep other than the verbs. */
export const sweepMoves = {
  submitAgain: {
    by: 'user',
    when: 'the same spec is submitted again',
    to: into('planned', ['interrupted', 'stopped', 'cancelled']),
  },
  submitUnattended: {
    by: 'user',
    when: 'the same spec is submitted again, and the `run` that computed the paused sweep has ended',
    to: into('planned', ['paused']),
  },
  submitOther: {
    by: 'user',
    when: 'the same sweep is submitted with a different request',
    to: into('planned', [...liveStates, 'interrupted', ...inPhase('ended')]),
  },
  extend: { by: 'user', when: '`driftfarm extend`: more trials per cell', to: into('planned', sweepStateNames) },
  dispatch: { by: 'leader', when: 'its first batches are dispatched', to: into('running', ['planned']) },
  finish: {
    by: 'leader',
    when: 'none of its requests is open, and the invariants hold',
    to: into('complete', liveStates),
  },
  fallShort: {
    by: 'leader',
    when:
      'none of its requests is open, but batches were given up, an invariant is violated, or the batch counts of ' +
      'the sweep are inconsistent',
    to: into('incomplete', liveStates),
  },
  interrupt: {
    by: 'its `run`, or the leader if the `run` is dead',
    when: 'the `run` is interrupted, times out, or ends without reporting its end',
    to: into('interrupted', liveStates),
  },
  violate: {
    by: 'worker',
    when: 'recomputed trials of the sweep differ from the stored ones',
    to: into('stopped', sweepStateNames),
  },
} as const satisfies Record<string, Move>

export type SweepMove = keyof typeof sweepMoves

/** The states from which a move is possible. */
export const statesBefore = (move: SweepMove): readonly SweepState[] =>
  sweepStateNames.filter((state) => state in sweepMoves[move].to)
