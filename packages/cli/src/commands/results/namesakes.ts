import { type Database, namesakes } from '@driftfarm/database'
import { namesakesText } from '@driftfarm/report'
import { note } from '../../output.ts'
import type { Shell } from '../../shell.ts'

/**
 * Prints below a table which of the sweeps of this name it is, and how the others differ. Prints nothing if there is
 * only one.
 */
export async function noteNamesakes(shell: Shell, database: Database, id: string): Promise<void> {
  const text = namesakesText(id, await namesakes(database, id))
  if (text !== null) note(shell, text)
}
