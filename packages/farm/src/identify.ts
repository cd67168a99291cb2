import { setImmediate as turn } from 'node:timers/promises'
import type { Sweep } from '@driftfarm/spec'

/**
 * Determines the identity of a sweep by a walk through all its cells, and yields to the event loop between them. An
 * aborted signal ends it at once, and its reason is thrown.
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
