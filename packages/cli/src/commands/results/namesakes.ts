import { namesakesText, type Source } from '@driftfarm/report'
import { note } from '../../output.ts'
import type { Shell } from '../../shell.ts'

/**
 * Prints, below a table, which of the sweeps with this name the table shows and how the others differ. Prints nothing
 * if there is only one such sweep.
 */
export async function printNamesakes(shell: Shell, source: Source, id: string): Promise<void> {
  const text = namesakesText(id, await source.namesakes(id))
  if (text !== null) note(shell, text)
}
