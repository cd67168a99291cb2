import type { Database, FarmState, SweepStatus } from '@driftfarm/database'
import { type Answer, type Input, type OnCells, phaseOf, type QuestionName, type StatusData } from '@driftfarm/report'
import type { Computations } from './computations.ts'

/** What answers are made of, besides the input of their question. */
export interface AnswerContext {
  readonly database: Database
  /** Returns a message that says what is wrong with the farm and how to fix it; '' if nothing is wrong. */
  readonly farmWords: (farm: FarmState) => string
  /** Where long computations run. */
  readonly heavy: Computations
  /** Whether exact answers and bounds are stored for each cell. */
  readonly keepsExact: boolean
}

/** A function that answers a question from the ledger. */
export type Answering<Name extends QuestionName> = (
  context: AnswerContext,
  input: Input<Name>,
  onCells: OnCells,
) => Promise<Answer<Name>>

export const farmData = (farm: FarmState | null, { farmWords }: AnswerContext): StatusData['farm'] =>
  farm && { state: farm.state, words: farmWords(farm) }

export const standing = ({ farm, ...status }: SweepStatus, context: AnswerContext): StatusData => ({
  ...status,
  phase: phaseOf(status),
  farm: farmData(farm, context),
})
