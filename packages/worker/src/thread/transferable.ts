import { move, transferableSymbol, valueSymbol } from 'piscina'

/** Wraps a result so that its arrays are transferred out of the thread instead of copied. */
export function transferable<T extends object>(value: T, arrays: readonly (Uint8Array | null)[]): T {
  // A view of part of a buffer, such as Node's pool, is copied: a transfer would take the whole buffer.
  const whole = arrays.filter((array) => array !== null && array.byteLength === array.buffer.byteLength)
  const buffers = new Set(whole.map((array) => array!.buffer))
  const transferable = { [transferableSymbol]: [...buffers], [valueSymbol]: value }
  // Piscina unwraps the result in the main thread.
  return move(transferable as unknown as Parameters<typeof move>[0]) as unknown as T
}
