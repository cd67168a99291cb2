import { move, transferableSymbol, valueSymbol } from 'piscina'

/** The value as an answer whose arrays are moved out of the thread instead of copied. */
export function moved<T extends object>(value: T, arrays: readonly (Uint8Array | null)[]): T {
  // A view of a part of a buffer (Node's pool) must not take the rest with it: it is copied.
  const whole = arrays.filter((array) => array !== null && array.byteLength === array.buffer.byteLength)
  const buffers = new Set(whole.map((array) => array!.buffer))
  const transferable = { [transferableSymbol]: [...buffers], [valueSymbol]: value }
  // Piscina unwraps it on the other side.
  return move(transferable as unknown as Parameters<typeof move>[0]) as unknown as T
}
