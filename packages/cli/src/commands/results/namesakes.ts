import { type Database, namesakes } from '@driftfarm/database'
import { namesakesText } from '@driftfarm/report'
import { note } from '../../output.ts'
import type { Shell } from '../../shell.ts'

/** Below a table: which of the sweeps of its name this is, and in what the others differ. Silent where there is one. */
export async function noteNamesakes(shell: Shell, database: Database, id: string): Promise<void> {
  const text = namesakesText(id, await namesakes(database, id))
  if (text !== null) note(shell, text)
}
