import { driftfarmError } from '@driftfarm/formula'

/** The outcome of the work; what it throws is a DriftfarmError. */
export async function told<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw driftfarmError(error)
  }
}

/** The items; what is thrown on the way is a DriftfarmError. */
export async function* toldEach<T>(items: () => AsyncIterable<T> | Promise<AsyncIterable<T>>): AsyncGenerator<T> {
  try {
    yield* await items()
  } catch (error) {
    throw driftfarmError(error)
  }
}
