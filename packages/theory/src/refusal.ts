import type { NotApplicable } from './chain.ts'

/** Ends a computation whose result does not apply. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal'
}

export function refuse(reason: string): never {
  throw new Refusal(reason)
}

/** Refuses if a reason is given. */
export function refuseIf(other: NotApplicable | null): void {
  if (other !== null) refuse(other.reason)
}

/** Returns a result that applies to the cell. If it does not apply, refuses with the same reason. */
export function applicable<T extends object>(found: T | NotApplicable): T {
  if ('reason' in found) refuse(found.reason)
  return found
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
