import { control, extendSweep, findSweep, removeSweep, sweepHead, sweepStatus } from '@driftfarm/database'
import { specLimits } from '@driftfarm/spec'
import { CliError } from '../failure.ts'
import { note, printJson } from '../output.ts'
import { requireDatabase, withSession } from '../session.ts'
import type { Shell } from '../shell.ts'
import { printStatus } from './status.ts'
import { announceWidening } from './widening.ts'

interface Options {
  readonly json?: boolean
}

const done = {
  pause: 'paused',
  resume: 'resumed',
  stop: 'stopping: running batches end, finished trials stay',
  cancel: 'cancelled: finished trials stay',
  retry: 'failed batches will be computed again',
} as const

export async function controlSweep(
  shell: Shell,
  verb: keyof typeof done,
  text: string,
  options: Options,
): Promise<void> {
  requireDatabase(shell, text)
  await withSession(shell, async ({ database, reader }) => {
    const { id, name } = await findSweep(database, text)
    await control(database, id, verb)
    if (options.json === true) await printStatus(shell, await sweepStatus(database, id), reader)
    else note(shell, `${name}: ${done[verb]}`)
  })
}

export async function extend(shell: Shell, text: string, options: Options & { trials: number }): Promise<void> {
  if (options.trials > specLimits.trialsPerCell)
    throw new CliError(
      'USAGE',
      `${options.trials} trials a cell are more than ${specLimits.trialsPerCell}`,
      'ask for fewer',
    )
  requireDatabase(shell, text)
  await withSession(shell, async ({ database, reader }) => {
    const { id, name } = await findSweep(database, text)
    const { demand } = await sweepHead(database, id)
    const more = demand.trials !== null && options.trials > demand.trials
    if (more && options.json !== true)
      await announceWidening(shell, database, id, { ...demand, trials: options.trials })
    await extendSweep(database, id, options.trials)
    if (options.json === true) await printStatus(shell, await sweepStatus(database, id), reader)
    else
      note(
        shell,
        `${name}: ${options.trials} trials a cell are asked for now; run it with --trials ${options.trials}, or leave it to the farm, to compute them`,
      )
  })
}

export async function remove(shell: Shell, text: string, options: Options): Promise<void> {
  requireDatabase(shell, text)
  await withSession(shell, async ({ database }) => {
    const { id, name } = await findSweep(database, text)
    const { cells } = await removeSweep(database, id)
    if (options.json === true) await printJson(shell, 'Removed', { sweep: { id, name }, cells })
    else note(shell, `${name}: removed, with ${cells} cells that no other sweep holds`)
  })
}
