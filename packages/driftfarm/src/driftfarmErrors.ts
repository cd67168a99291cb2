import { driftfarmError } from '@driftfarm/formula'

export async function withDriftfarmErrors<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw driftfarmError(error)
  }
}

export async function* iterateWithDriftfarmErrors<T>(
  items: () => AsyncIterable<T> | Promise<AsyncIterable<T>>,
): AsyncGenerator<T> {
  try {
    yield* await items()
  } catch (error) {
    throw driftfarmError(error)
  }
}
