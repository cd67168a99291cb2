import { removedMeanwhile } from '@driftfarm/farm'
import { documents, short } from '@driftfarm/report'
import { isEnded } from '@driftfarm/spec'
import { CliError, exitCodes } from '../../failure.ts'
import { onInterrupt } from '../../interrupt.ts'
import { isQuickToDraw, liveFigure, printFigure } from '../../liveFigure.ts'
import { note, print, writeAll } from '../../output.ts'
import { progressing, sweepProgress } from '../../progress.ts'
import { withSweep } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import { toldResults } from '../../toldResults.ts'
import { exitOf, printResults, withEnded } from '../run/ended.ts'
import { follow } from '../run/follow.ts'
import type { WatchOptions } from '../watch.ts'

/** Interval in ms between looks: at most two events a second. */
const lookMs = 500

export async function watch(given: Shell, text: string, options: WatchOptions): Promise<number> {
  const shell = progressing(given, options.progress)
  const json = options.json === true
  const interrupt = onInterrupt(shell)
  const show = sweepProgress(shell)
  return withSweep(shell, text, async (desk, { id, name }) => {
    const live = json ? null : liveFigure(shell, desk)
    const { signal } = interrupt
    const { last, cut } = await follow(shell, desk, id, {
      signal,
      timeoutMs: options.timeout,
      everyMs: lookMs,
      lookout: !json,
      async onStatus(status) {
        live?.see(status)
        if (json) await print(shell, JSON.stringify({ type: 'status', ...status }))
        else if (shell.line.exists || shell.progress === 'plain') show(status, Date.now())
        else if (shell.progress === 'auto')
          note(
            shell,
            `${status.state} ${short(BigInt(status.trials.done))} / ${short(BigInt(status.trials.demanded))} trials`,
          )
        return status.state === 'interrupted'
      },
    })
      .catch((error: unknown) => {
        throw removedMeanwhile(error, name)
      })
      .finally(() => live?.end())
    if (signal.aborted) return interrupt.exit() ?? exitCodes.interrupted
    if (last === null || (cut && !isEnded(last.state)))
      throw new CliError(
        'TIMED_OUT',
        `${text} has not ended in the given time`,
        'it goes on; watch it again, or give a longer --timeout',
      )
    shell.line.clear()
    if (json)
      await withEnded(
        desk,
        id,
        () => undefined,
        (results) =>
          writeAll(shell, documents.Results.streamed.json(toldResults(shell, results), { type: 'result' }), undefined),
      )
    else {
      await printResults(shell, desk, id, { all: options.all === true })
      // Whoever watches in a terminal has seen it grow.
      if (shell.line.exists && isQuickToDraw(last)) await printFigure(shell, desk, id)
    }
    return exitOf(last)
  }).finally(() => interrupt.dispose())
}
