/** What decides whether the answer of a cell is to be believed. */
export const checkNames = ['events', 'interval', 'horizon', 'diverged', 'stop', 'spread', 'methods'] as const
export type CheckName = (typeof checkNames)[number]

/** One answer to "should I believe this?". Plain JSON. */
export interface Check {
  readonly name: CheckName
  /** bad: the number does not say what its name says; doubtful: it does, but poorly. */
  readonly verdict: 'good' | 'doubtful' | 'bad'
  /** Why, with the numbers. */
  readonly text: string
}
