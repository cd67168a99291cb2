import { namesakesText, type Source } from '@driftfarm/report'
import { note } from '../../output.ts'
import type { Shell } from '../../shell.ts'

/**
 * If several sweeps have the same name, prints which of these sweeps the table above shows, and how the others differ.
 */
export async function printNamesakes(shell: Shell, source: Source, id: string): Promise<void> {
  const text = namesakesText(id, await source.namesakes(id))
  if (text !== null) note(shell, text)
}
