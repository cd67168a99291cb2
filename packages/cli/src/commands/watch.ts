import { endStates, resultsOf, waitFor } from '@driftfarm/coordinator'
import { findSweep, type SweepStatus } from '@driftfarm/database'
import { documentJson, statusData } from '@driftfarm/report'
import { CliError, exitCodes } from '../failure.ts'
import { farmData } from '../farmWords.ts'
import { onInterrupt } from '../interrupt.ts'
import { createLookout } from '../lookout.ts'
import { note, print } from '../output.ts'
import { createProgress } from '../progress.ts'
import { short } from '../quantity.ts'
import { requireDatabase, withSession } from '../session.ts'
import type { Shell } from '../shell.ts'
import { noteNamesakes } from './namesakes.ts'
import { exitOf, printResults, removedMeanwhile } from './run.ts'

/** At most two events a second. */
const lookMs = 500

export async function watch(
  shell: Shell,
  text: string,
  options: { json?: boolean; timeout?: number },
): Promise<number> {
  requireDatabase(shell, text)
  const interrupt = onInterrupt(shell)
  const progress = createProgress(shell)
  return withSession(shell, async (session) => {
    const { id, name } = await findSweep(session.database, text)
    const until =
      options.timeout === undefined
        ? interrupt.signal
        : AbortSignal.any([interrupt.signal, AbortSignal.timeout(options.timeout)])
    const read = session.reader
    const lookout = createLookout({
      reader: read,
      say: options.json === true ? () => undefined : (line) => note(shell, line),
    })
    let last: SweepStatus | null = null
    try {
      for await (const status of waitFor(session.database, id, { signal: until, everyMs: lookMs })) {
        lookout.see(status.farm)
        const farm = farmData(status.farm, read)
        if (options.json === true)
          await print(shell, JSON.stringify({ type: 'status', ...statusData({ ...status, farm }) }))
        else if (shell.line.exists) progress.show(status, Date.now())
        else note(shell, `${status.state} ${short(status.trials.done)} / ${short(status.trials.demanded)} trials`)
        last = status
        if (status.state === 'interrupted') break
      }
    } catch (error) {
      throw removedMeanwhile(error, name)
    } finally {
      lookout.end()
    }
    if (interrupt.signal.aborted) {
      return interrupt.exit() ?? exitCodes.interrupted
    }
    if (last === null || (until.aborted && !endStates.has(last.state)))
      throw new CliError(
        'TIMED_OUT',
        `${text} has not ended in the given time`,
        'it goes on; watch it again, or give a longer --timeout',
      )
    progress.clear()
    if (options.json === true) {
      const { data, warnings } = await resultsOf(session.database, id)
      await print(shell, documentJson({ type: 'result', schemaVersion: 1, kind: 'Results', data, warnings }))
    } else {
      await printResults(shell, session, id, false)
      await noteNamesakes(shell, session.database, id)
    }
    return exitOf(session, id)
  }).finally(() => interrupt.dispose())
}
