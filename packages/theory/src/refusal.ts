/** The reason why a theoretical result does not apply to a cell. */
export interface NotApplicable {
  readonly reason: string
}

/** Ends a computation whose result does not apply. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal'
}

export const dependsOnMore =
  'an event depends on more than theta: on the step, on `every`, on the course of the trial, or on the end point of ' +
  'a quench'

export function refuse(reason: string): never {
  throw new Refusal(reason)
}

/** Returns the result of a computation, or the reason with which the computation refused. */
export function unlessRefused<T extends object>(compute: () => T): T | NotApplicable {
  try {
    return compute()
  } catch (error) {
    if (error instanceof Refusal) return { reason: error.message }
    throw error
  }
}
