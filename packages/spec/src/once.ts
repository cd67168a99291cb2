/**
 * A value that is made when it is first asked for, and kept; or the error that came of making it, which is as final:
 * several parts may need the value, and each of them meets its mistakes.
 */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | { readonly error: unknown } | null = null
  return () => {
    if (made === null) {
      try {
        made = { value: make() }
      } catch (error) {
        made = { error }
      }
    }
    if ('error' in made) throw made.error
    return made.value
  }
}
