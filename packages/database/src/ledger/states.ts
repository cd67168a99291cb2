import { liveStates, presentStates, type SweepMove, statesBefore } from '@driftfarm/spec'

/** SQL: the column is one of these states. They come from the tables of states and are not repeated elsewhere. */
const among = (column: string, words: readonly string[]): string =>
  `${column} in (${words.map((word) => `'${word}'`).join(', ')})`

/** SQL: sweep s is in a live state, in which it is computed if a process is responsible for it. */
export const live = (s: string): string => among(`${s}.state`, liveStates)

/**
 * SQL: worker w has not signed off. The states are listed, because a planner without statistics expects that nearly all
 * rows differ from a given state, and would read every worker that ever existed.
 */
export const present = (w: string): string => among(`${w}.state`, presentStates)

/** SQL: the state of sweep s allows the move. */
export const allowsMove = (s: string, move: SweepMove): string => among(`${s}.state`, statesBefore(move))
