/**
 * Defers `make` to the first call and caches its value. An error is cached too, and every call throws it again, so that
 * each part that needs the value reports the mistakes.
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
