/** Returns the result of a computation, or null if it throws an error of the given class. */
export function nullIf<T>(kind: abstract new (...details: never[]) => Error, compute: () => T): T | null {
  try {
    return compute()
  } catch (error) {
    if (error instanceof kind) return null
    throw error
  }
}
