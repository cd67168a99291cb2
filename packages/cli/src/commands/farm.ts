import { promptResult } from '@driftfarm/answers'
import { documents } from '@driftfarm/report'
import { command } from '../command.ts'
import { CliError } from '../failure.ts'
import { json } from '../options/shared.ts'
import { note, printDocument, printedDocument } from '../output.ts'
import { farmExists, withFarmClient } from '../session.ts'
import type { Shell } from '../shell.ts'

export const farm = command({
  name: 'farm',
  after: 'theorem',
  arguments: [],
  summary: 'show coordinators, workers and their work, the queue, and failures',
  options: { json },
  examples: ['farm'],
  kinds: ['Farm'],
  act,
})

async function act(shell: Shell, options: { json?: boolean }): Promise<void> {
  if (!farmExists(shell))
    throw new CliError('NOT_FOUND', 'there is no farm here yet', '`driftfarm run SPEC` or `driftfarm up` starts one')
  await withFarmClient(shell, async (farmClient) => {
    const data = await promptResult(() => farmClient.farm())
    await printDocument(shell, printedDocument(documents.Farm, data), options)
    if (options.json === true || data.queue.failed === 0) return
    const { causes } = await farmClient.failures()
    for (const { kind, message, open, sweeps } of causes)
      if (open > 0) note(shell, `failed: ${open} of ${sweeps.map(({ name }) => name).join(', ')} (${kind}): ${message}`)
  })
}
