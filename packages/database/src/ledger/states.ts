import { liveStates, presentStates, type SweepMove, statesBefore } from '@driftfarm/spec'

const among = (column: string, words: readonly string[]): string =>
  `${column} in (${words.map((word) => `'${word}'`).join(', ')})`

/** SQL: sweep s is in a live state: it is computed as soon as a process is responsible for it. */
export const live = (s: string): string => among(`${s}.state`, liveStates)

/**
 * SQL: worker w has not signed off. The possible states are listed, because a planner without statistics would expect
 * `state <> ..` to match nearly all rows, and read every worker that ever existed.
 */
export const present = (w: string): string => among(`${w}.state`, presentStates)

/** SQL: `move` is possible in the state of sweep s. */
export const allowsMove = (s: string, move: SweepMove): string => among(`${s}.state`, statesBefore(move))
