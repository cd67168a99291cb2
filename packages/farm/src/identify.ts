import { setImmediate as turn } from 'node:timers/promises'
import type { Sweep } from '@driftfarm/spec'

/**
 * Finds out which sweep it is, by a walk through all its cells, between which others have their turn. An aborted signal
 * ends it at once, and its reason is thrown.
 */
export async function identify(
  sweep: Sweep,
  { signal, onCells }: { readonly signal: AbortSignal; readonly onCells?: (done: number) => void },
): Promise<void> {
  for (const done of sweep.identifying()) {
    onCells?.(done)
    await turn()
    signal.throwIfAborted()
  }
}
