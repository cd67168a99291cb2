import { liveStates, presentStates, type SweepMove, statesBefore } from '@driftfarm/spec'

/** SQL: the column is one of these words. The words come from the tables of lives and are written nowhere else. */
const among = (column: string, words: readonly string[]): string =>
  `${column} in (${words.map((word) => `'${word}'`).join(', ')})`

/** SQL: sweep s is in a state in which it is worked on, if some process attends to it. */
export const live = (s: string): string => among(`${s}.state`, liveStates)

/**
 * SQL: worker w has not signed off. The states are listed: of those that are not of one state a planner without
 * statistics expects nearly all, and reads every worker that has ever been.
 */
export const present = (w: string): string => among(`${w}.state`, presentStates)

/** SQL: the state of sweep s allows the move. */
export const may = (s: string, move: SweepMove): string => among(`${s}.state`, statesBefore(move))
