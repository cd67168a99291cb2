import { resultsOf } from '@driftfarm/coordinator'
import { findSweep, sweepStatus } from '@driftfarm/database'
import { CliError, exitCodes } from '../failure.ts'
import { onInterrupt } from '../interrupt.ts'
import { note, print } from '../output.ts'
import { createProgress, short } from '../progress.ts'
import { requireDatabase, withSession } from '../session.ts'
import { endStates, exitOf, printResults } from './run.ts'

/** At most two events a second. */
const lookMs = 500

export async function watch(text: string, options: { json?: boolean; timeout?: number }): Promise<void> {
  requireDatabase(text)
  const interrupt = onInterrupt()
  const deadline = options.timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + options.timeout
  const progress = createProgress()
  await withSession(async (session) => {
    const { id } = await findSweep(session.database, text)
    let last = ''
    for (;;) {
      const status = await sweepStatus(session.database, id)
      const line = JSON.stringify({ type: 'status', ...status })
      if (line !== last) {
        if (options.json === true) await print(line)
        else if (process.stderr.isTTY) progress.show(status, Date.now())
        else note(`${status.state} ${short(status.trials.done)} / ${short(status.trials.demanded)} trials`)
        last = line
      }
      if (endStates.has(status.state) || status.state === 'interrupted') break
      if (interrupt.signal.aborted) {
        process.exitCode = interrupt.exit() ?? exitCodes.interrupted
        return
      }
      if (Date.now() > deadline) throw new CliError('TIMED_OUT', `${status.name} has not ended in the given time`, 'it goes on; watch it again, or give a longer --timeout')
      await new Promise((resume) => setTimeout(resume, lookMs))
    }
    progress.clear()
    if (options.json === true) {
      const { data, warnings } = await resultsOf(session.database, id)
      await print(JSON.stringify({ type: 'result', schemaVersion: 1, kind: 'Results', data, warnings }))
    } else await printResults(session, id, false)
    process.exitCode = await exitOf(session, id)
  }).finally(() => interrupt.dispose())
}
