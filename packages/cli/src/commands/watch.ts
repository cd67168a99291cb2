import { databaseSource, waitFor } from '@driftfarm/answers'
import { findSweep, type SweepStatus } from '@driftfarm/database'
import { documentJson, statusData } from '@driftfarm/report'
import { isEnded } from '@driftfarm/spec'
import { CliError, exitCodes } from '../failure.ts'
import { farmData, reader } from '../farmWords.ts'
import { onInterrupt } from '../interrupt.ts'
import { createLookout } from '../lookout.ts'
import { note, print } from '../output.ts'
import { createProgress } from '../progress.ts'
import { short } from '../quantity.ts'
import { requireDatabase, withSession } from '../session.ts'
import { noteNamesakes } from './namesakes.ts'
import { exitOf, printResults, removedMeanwhile } from './run.ts'

/** At most two events a second. */
const lookMs = 500

export async function watch(text: string, options: { json?: boolean; timeout?: number }): Promise<void> {
  requireDatabase(text)
  const interrupt = onInterrupt()
  const progress = createProgress()
  await withSession(async (session) => {
    const { id, name } = await findSweep(session.database, text)
    const until =
      options.timeout === undefined
        ? interrupt.signal
        : AbortSignal.any([interrupt.signal, AbortSignal.timeout(options.timeout)])
    const read = reader(session.mode)
    const lookout = createLookout({ reader: read, say: options.json === true ? () => undefined : note })
    let last: SweepStatus | null = null
    try {
      for await (const status of waitFor(session.database, id, { signal: until, everyMs: lookMs })) {
        lookout.see(status.farm)
        const farm = farmData(status.farm, read)
        if (options.json === true) await print(JSON.stringify({ type: 'status', ...statusData({ ...status, farm }) }))
        else if (process.stderr.isTTY) progress.show(status, Date.now())
        else note(`${status.state} ${short(status.trials.done)} / ${short(status.trials.demanded)} trials`)
        last = status
        if (status.state === 'interrupted') break
      }
    } catch (error) {
      throw removedMeanwhile(error, name)
    } finally {
      lookout.end()
    }
    if (interrupt.signal.aborted) {
      process.exitCode = interrupt.exit() ?? exitCodes.interrupted
      return
    }
    if (last === null || (until.aborted && !isEnded(last.state)))
      throw new CliError(
        'TIMED_OUT',
        `${text} has not ended in the given time`,
        'it goes on; watch it again, or give a longer --timeout',
      )
    progress.clear()
    if (options.json === true) {
      const { data, warnings } = await databaseSource(session.database).results(id)
      await print(documentJson({ type: 'result', schemaVersion: 1, kind: 'Results', data, warnings }))
    } else {
      await printResults(session, id, false)
      await noteNamesakes(session.database, id)
    }
    process.exitCode = await exitOf(session, id)
  }).finally(() => interrupt.dispose())
}
