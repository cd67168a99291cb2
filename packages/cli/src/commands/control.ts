import { control, extendSweep, findSweep, removeSweep, sweepHead, sweepStatus } from '@driftfarm/database'
import { type ControlVerb, specLimits, sweepVerbs } from '@driftfarm/spec'
import { CliError } from '../failure.ts'
import { note, printJson } from '../output.ts'
import { requireDatabase, withSession } from '../session.ts'
import { printStatus } from './status.ts'
import { announceWidening } from './widening.ts'

interface Options {
  readonly json?: boolean
}

export async function controlSweep(verb: ControlVerb, text: string, options: Options): Promise<void> {
  requireDatabase(text)
  await withSession(async ({ database, mode }) => {
    const { id, name } = await findSweep(database, text)
    await control(database, id, verb)
    if (options.json === true) await printStatus(await sweepStatus(database, id), mode)
    else note(`${name}: ${sweepVerbs[verb].answer}`)
  })
}

export async function extend(text: string, options: Options & { trials: number }): Promise<void> {
  if (options.trials > specLimits.trialsPerCell)
    throw new CliError(
      'USAGE',
      `${options.trials} trials a cell are more than ${specLimits.trialsPerCell}`,
      'ask for fewer',
    )
  requireDatabase(text)
  await withSession(async ({ database, mode }) => {
    const { id, name } = await findSweep(database, text)
    const { demand } = await sweepHead(database, id)
    const more = demand.trials !== null && options.trials > demand.trials
    if (more && options.json !== true) await announceWidening(database, id, { ...demand, trials: options.trials })
    await extendSweep(database, id, options.trials)
    if (options.json === true) await printStatus(await sweepStatus(database, id), mode)
    else
      note(
        `${name}: ${options.trials} trials a cell are asked for now; run it with --trials ${options.trials}, or leave it to the farm, to compute them`,
      )
  })
}

export async function remove(text: string, options: Options): Promise<void> {
  requireDatabase(text)
  await withSession(async ({ database }) => {
    const { id, name } = await findSweep(database, text)
    const { cells } = await removeSweep(database, id)
    if (options.json === true) await printJson('Removed', { sweep: { id, name }, cells })
    else note(`${name}: removed, with ${cells} cells that no other sweep holds`)
  })
}
