import { driftfarmError } from '@driftfarm/formula'

/** Runs the work, and converts its errors to DriftfarmErrors. */
export async function withDriftfarmErrors<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw driftfarmError(error)
  }
}

/** Yields the items, and converts errors to DriftfarmErrors. */
export async function* iterateWithDriftfarmErrors<T>(
  items: () => AsyncIterable<T> | Promise<AsyncIterable<T>>,
): AsyncGenerator<T> {
  try {
    yield* await items()
  } catch (error) {
    throw driftfarmError(error)
  }
}
