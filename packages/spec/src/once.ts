/**
 * Defers `make` to the first call and caches its value. An error is cached too: every call throws it again, so that it
 * is reported by each part that needs the value.
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
