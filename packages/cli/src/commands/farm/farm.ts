import { promptResult } from '@driftfarm/answers'
import { documents } from '@driftfarm/report'
import { CliError } from '../../failure.ts'
import { note, printDocument, shown } from '../../output.ts'
import { farmExists, withDesk } from '../../session.ts'
import type { Shell } from '../../shell.ts'

export async function farm(shell: Shell, options: { json?: boolean }): Promise<void> {
  if (!farmExists(shell))
    throw new CliError('NOT_FOUND', 'there is no farm here yet', '`driftfarm run SPEC` or `driftfarm up` starts one')
  await withDesk(shell, async (desk) => {
    const data = await promptResult(() => desk.farm())
    await printDocument(shell, shown(documents.Farm, data), options)
    if (options.json === true || data.queue.failed === 0) return
    const { causes } = await desk.failures()
    for (const { kind, message, open, sweeps } of causes)
      if (open > 0) note(shell, `failed: ${open} of ${sweeps.map(({ name }) => name).join(', ')} (${kind}): ${message}`)
  })
}
