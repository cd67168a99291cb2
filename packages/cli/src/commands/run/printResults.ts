import type { ResultsData, Source } from '@driftfarm/report'
import { exitCodes } from '../../failure.ts'
import { type PrintOptions, printDocument } from '../../output.ts'
import { streamedResults } from '../../resultsWithProgress.ts'
import type { Shell } from '../../shell.ts'
import { printNamesakes } from '../results/namesakes.ts'

/** Prints the results of a sweep that the user has waited for. */
export async function printResults(
  shell: Shell,
  source: Source,
  id: string,
  options: Pick<PrintOptions, 'json' | 'all'>,
): Promise<Pick<ResultsData, 'findings'>> {
  const printed = await source.withResults(id, async (results) => {
    await printDocument(shell, streamedResults(shell, results), options)
    return results.tail()
  })
  if (options.json !== true) await printNamesakes(shell, source, id)
  return printed
}

/**
 * Exit code 3 if the sweep ended with failed batches, or if a stopping rule was not met before the maximum or the
 * budget.
 */
export async function exitCodeOf(source: Source, id: string): Promise<number> {
  const status = await source.status(id)
  if (status.state === 'cancelled') return exitCodes.cancelled
  if (status.state !== 'complete' || status.rulesUnmet > 0) return exitCodes.incomplete
  return exitCodes.done
}
