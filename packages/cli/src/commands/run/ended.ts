import { setTimeout as delay } from 'node:timers/promises'
import { driftfarmError } from '@driftfarm/formula'
import type { ResultsData, Source, StatusData, StreamedResults } from '@driftfarm/report'
import { exitCodes } from '../../failure.ts'
import { note, type PrintOptions, printDocument } from '../../output.ts'
import type { Shell } from '../../shell.ts'
import { streamedResults } from '../../toldResults.ts'
import { noteNamesakes } from '../results/namesakes.ts'

/** Prints the results of a sweep that the user has waited for. */
export async function printResults(
  shell: Shell,
  source: Source,
  id: string,
  options: Pick<PrintOptions, 'json' | 'all'>,
): Promise<Pick<ResultsData, 'findings'>> {
  const say = options.json === true ? () => undefined : (line: string) => note(shell, line)
  const told = await withEnded(source, id, say, async (results) => {
    await printDocument(shell, streamedResults(shell, results), options)
    return results.tail()
  })
  if (options.json !== true) await patiently(say, () => noteNamesakes(shell, source, id))
  return told
}

type Say = (line: string) => void

/** The results of a sweep that the user has waited for. */
export function withEnded<T>(
  source: Source,
  id: string,
  say: Say,
  use: (results: StreamedResults) => Promise<T>,
): Promise<T> {
  let isPrinting = false
  const ask = () =>
    source.withResults(id, (results) => {
      isPrinting = true
      return use(results)
    })
  return patiently(say, ask, () => !isPrinting)
}

/** If the farm does not answer at the end of a sweep, the request is repeated for up to a minute. */
async function patiently<T>(say: Say, ask: () => Promise<T>, mayRepeat = () => true): Promise<T> {
  let isTold = false
  for (const until = Date.now() + 60_000; ; await delay(1_000)) {
    try {
      return await ask()
    } catch (error) {
      const { message, retryable } = driftfarmError(error)
      if (!retryable || !mayRepeat() || Date.now() > until) throw error
      if (!isTold) say(`${message}: trying again`)
      isTold = true
    }
  }
}

/**
 * Exit code 3 if the sweep ended with failed batches, or if a stop rule was not met before the maximum or the budget.
 */
export function exitOf(status: StatusData): number {
  if (status.state === 'cancelled') return exitCodes.cancelled
  if (status.state !== 'complete' || status.rulesUnmet > 0) return exitCodes.incomplete
  return exitCodes.done
}
