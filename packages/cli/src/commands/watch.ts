import { removedSweepError } from '@driftfarm/farm'
import { documents, short, stateText } from '@driftfarm/report'
import { isEnded } from '@driftfarm/spec'
import { command } from '../command.ts'
import { CliError, exitCodes } from '../failure.ts'
import { onInterrupt } from '../interrupt.ts'
import { isQuickToDraw, printFigure } from '../liveFigure.ts'
import { duration } from '../options/parse.ts'
import { all, progress } from '../options/shared.ts'
import { note, print, writeAll } from '../output.ts'
import { resultsWithProgress, sweepProgress } from '../progress.ts'
import { follow } from '../run/follow.ts'
import { exitCodeOf, printResults, withFinalResults } from '../run/printResults.ts'
import { withSweep } from '../session.ts'

export const watch = command('watch <sweep>', {
  summary: 'follow a sweep until it ends',
  options: {
    timeout: duration('stop watching after this time, e.g. 90s, 10m, 2h'),
    all,
    progress,
  },
  examples: ['watch double-well --timeout 10m'],
  kinds: ['WatchEvent'],
  begins: 'opening the database',
  async act(shell, text, options) {
    const json = options.json === true
    const interrupt = onInterrupt(shell)
    const show = sweepProgress(shell)
    return withSweep(shell, text, async (farmClient, { id, name }) => {
      const { signal } = interrupt
      const { last, cut } = await follow(shell, farmClient, id, {
        signal,
        timeoutMs: options.timeout,
        everyMs: pollMs,
        farmMonitor: true,
        figure: !json,
        async onStatus(status) {
          const { done, requested } = status.trials
          if (json) await print(shell, JSON.stringify({ type: 'status', ...status }))
          else if (shell.line.exists || shell.progress === 'plain') show(status, Date.now())
          else if (shell.progress === 'auto')
            note(shell, `${stateText(status)} ${short(BigInt(done))} / ${short(BigInt(requested))} trials`)
          return status.state === 'interrupted'
        },
      }).catch((error: unknown) => {
        throw removedSweepError(error, name)
      })
      if (signal.aborted) return interrupt.exit() ?? exitCodes.interrupted
      if (last === null || (cut && !isEnded(last.state)))
        throw new CliError(
          'TIMED_OUT',
          `${text} did not end within --timeout`,
          'the sweep continues; watch it again, or give a longer --timeout',
        )
      shell.line.clear()
      if (json)
        await withFinalResults(shell, farmClient, id, async (results) => {
          const shown = resultsWithProgress(shell, results)
          await writeAll(shell, documents.Results.streamed.json(shown, { type: 'result' }), undefined)
        })
      else {
        await printResults(shell, farmClient, id, options)
        // The figure that was shown in the terminal while the sweep ran is gone now, so print the final figure.
        if (shell.line.exists && isQuickToDraw(last)) await printFigure(shell, farmClient, id)
      }
      return exitCodeOf(last)
    }).finally(() => interrupt.dispose())
  },
})

/** Time in ms between two polls. With `--json`, at most two events per second are therefore printed. */
const pollMs = 500
