import { type Database, type ExactKey, storedExact, storeExact } from '@driftfarm/database'
import type { ModuleOf } from '@driftfarm/kernel'
import { documentJson } from '@driftfarm/report'
import type { computations } from './compute.ts'

/**
 * Long computations that need no database. A server with many clients runs these computations in another thread, so
 * their arguments and results are plain data.
 */
export type Computations = ReturnType<typeof computations>

export const computationNames: readonly (keyof Computations)[] = ['trial', 'range', 'exact', 'bounds', 'paths']

/** The computations in this thread. Their code, which is large, is loaded with the first of them. */
export function localComputations(module?: ModuleOf): Computations {
  const compute = async (name: keyof Computations, given: readonly never[]): Promise<unknown> => {
    const run: (...given: readonly never[]) => unknown = (await import('./compute.ts')).computations(module)[name]
    return run(...given)
  }
  return Object.fromEntries(
    computationNames.map((name) => [name, (...given: readonly never[]) => compute(name, given)]),
  ) as unknown as Computations
}

/** Computes an answer and stores it, or reads the stored answer. If the context keeps no answers, only computes. */
export async function computedOnce<T>(
  { database, keepsExact }: { readonly database: Database; readonly keepsExact: boolean },
  key: ExactKey,
  make: () => Promise<T>,
): Promise<T> {
  if (!keepsExact) return make()
  const kept = await storedExact(database, key)
  if (kept !== null) return kept as T
  const began = performance.now()
  const made = await make()
  await storeExact(database, key, documentJson(made), (performance.now() - began) / 1000)
  return made
}
