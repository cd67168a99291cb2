import { type SweepStatus, stateOfFarm, sweepStatus } from '@driftfarm/database'
import { farmData, farmWords, type Reader, type Session } from '@driftfarm/farm'
import { documents, statusData } from '@driftfarm/report'
import { note, type PrintedDocument, printDocument, shown } from '../../output.ts'
import { databaseExists, withSession, withSweep } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import { listed, printList } from './list.ts'

export async function status(shell: Shell, text: string | undefined, options: { json?: boolean }): Promise<void> {
  if (text === undefined) return everything(shell, options)
  await withSweep(shell, text, async ({ database, reader }, { id }) =>
    printDocument(shell, statusDocument(await sweepStatus(database, id), reader), options),
  )
}

/** Reports what was done to a sweep: its state now with --json, else `words`. */
export async function tellStatus(
  shell: Shell,
  { database, reader }: Session,
  id: string,
  { words, json }: { readonly json?: boolean; readonly words: string },
): Promise<void> {
  if (json === true) await printDocument(shell, statusDocument(await sweepStatus(database, id), reader), { json })
  else note(shell, words)
}

function statusDocument(state: SweepStatus, reader: Reader): PrintedDocument {
  return shown(documents.Status, statusData({ ...state, farm: farmData(state.farm, reader) }))
}

/** Without a name: lists all sweeps, and says what the farm lacks to go on with those that wait for it. */
async function everything(shell: Shell, options: { json?: boolean }): Promise<void> {
  if (!databaseExists(shell)) return printList(shell, [], options)
  const { sweeps, lack } = await withSession(shell, async ({ database, reader }) => {
    const farm = await stateOfFarm(database)
    return { sweeps: await listed(database), lack: farm === null ? '' : farmWords(farm, reader) }
  })
  await printList(shell, sweeps, options)
  if (options.json !== true && lack !== '') note(shell, lack)
}
