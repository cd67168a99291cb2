import { setImmediate as turn } from 'node:timers/promises'
import type { Sweep } from '@driftfarm/spec'

/**
 * Determines the identity of a sweep from all its cells, and yields to the event loop between cells. If the signal is
 * aborted, throws the signal's reason at once.
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
