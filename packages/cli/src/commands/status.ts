import { promptResult } from '@driftfarm/answers'
import { documents, type StatusData } from '@driftfarm/report'
import { command } from '../command.ts'
import { json } from '../options/shared.ts'
import { note, printDocument, printedDocument } from '../output.ts'
import { farmExists, withFarmClient, withSweep } from '../session.ts'
import type { Shell } from '../shell.ts'
import { printList } from './list.ts'

export const status = command({
  name: 'status',
  after: 'list',
  arguments: ['[sweep]'],
  summary: 'show the progress of a sweep, or of all sweeps',
  options: { json },
  examples: ['status', 'status double-well --json'],
  kinds: ['Status', 'SweepList'],
  act,
})

async function act(shell: Shell, text: string | undefined, options: { json?: boolean }): Promise<void> {
  if (text === undefined) return everything(shell, options)
  await withSweep(shell, text, async (farmClient, { id }) =>
    printDocument(
      shell,
      printedDocument(documents.Status, await promptResult(() => farmClient.status({ sweep: id }))),
      options,
    ),
  )
}

export async function printNewStatus(
  shell: Shell,
  status: StatusData,
  { words, json }: { readonly json?: boolean; readonly words: string },
): Promise<void> {
  if (json === true) await printDocument(shell, printedDocument(documents.Status, status), { json })
  else note(shell, words)
}

async function everything(shell: Shell, options: { json?: boolean }): Promise<void> {
  if (!farmExists(shell)) return printList(shell, [], options)
  const { sweeps, lack } = await withFarmClient(shell, async (farmClient) => {
    const [{ farm }, { sweeps }] = await promptResult(() => Promise.all([farmClient.farm(), farmClient.sweeps()]))
    return { sweeps, lack: farm?.words ?? '' }
  })
  await printList(shell, sweeps, options)
  if (options.json !== true && lack !== '') note(shell, lack)
}
