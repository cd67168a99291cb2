import { namesakesText, type Source } from '@driftfarm/report'
import { note } from '../../output.ts'
import type { Shell } from '../../shell.ts'

export async function printNamesakes(shell: Shell, source: Source, id: string): Promise<void> {
  const text = namesakesText(id, await source.namesakes({ sweep: id }))
  if (text !== null) note(shell, text)
}
