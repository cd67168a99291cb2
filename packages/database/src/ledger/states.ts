import { liveStates, outStates, overStates, type SweepMove, statesBefore } from '@driftfarm/spec'

/** SQL: the column is one of these words, which stand once, in the tables of lives. */
const among = (column: string, words: readonly string[]): string =>
  `${column} in (${words.map((word) => `'${word}'`).join(', ')})`

/** SQL: sweep s is to be worked on, if somebody attends it. */
export const live = (s: string): string => among(`${s}.state`, liveStates)

/** SQL: sweep s is where the move leads on from. */
export const may = (s: string, move: SweepMove): string => among(`${s}.state`, statesBefore(move))

/** SQL: batch b is in the queue or at a worker, or on its way there. */
export const isOut = (b: string): string => among(`${b}.state`, outStates)

/** SQL: batch b is done or given up. */
export const isOver = (b: string): string => among(`${b}.state`, overStates)
