import { setTimeout as delay } from 'node:timers/promises'
import { driftfarmError } from '@driftfarm/formula'
import {
  cellsParquet,
  type DocumentData,
  documents,
  namesakesText,
  type ResultsData,
  type Source,
  type StatusData,
  type StreamedResults,
} from '@driftfarm/report'
import { exitCodes } from '../failure.ts'
import { note, type PrintOptions, printData } from '../output.ts'
import { resultsWithProgress } from '../progress.ts'
import type { Shell } from '../shell.ts'
import type { SubmittedSweep } from './detach.ts'

export async function printResults(
  shell: Shell,
  source: Source,
  id: string,
  options: Pick<PrintOptions, 'json' | 'all'>,
): Promise<Pick<ResultsData, 'findings'>> {
  const printed = await withFinalResults(shell, source, id, async (results) => {
    await printStreamed(shell, results, options)
    return results.tail()
  })
  if (!shell.quiet) await repeated(shell, () => printNamesakes(shell, source, id))
  return printed
}

export async function printSubmission(
  shell: Shell,
  { warnings, reused, computed, ...sweep }: SubmittedSweep,
  options: { readonly json?: boolean },
): Promise<void> {
  const data = { sweep, ...(reused && { reused }), ...(computed && { computed }) } as DocumentData<'Submitted'>
  await printData(shell, documents.Submitted, data, options, { warnings: options.json === true ? warnings : [] })
}

export async function printStreamed(shell: Shell, results: StreamedResults, options: PrintOptions): Promise<void> {
  const shown = resultsWithProgress(shell, results)
  const view = { kind: 'Results', ...documents.Results.streamed }
  const parquet = () => cellsParquet(shown)
  await printData(shell, view, shown, options, { warnings: results.warnings, parquet })
}

export function withFinalResults<T>(
  shell: Shell,
  source: Source,
  id: string,
  use: (results: StreamedResults) => Promise<T>,
): Promise<T> {
  let isPrinting = false
  const ask = () =>
    source.withResults(id, (results) => {
      isPrinting = true
      return use(results)
    })
  return repeated(shell, ask, () => !isPrinting)
}

async function repeated<T>(shell: Shell, ask: () => Promise<T>, mayRepeat = () => true): Promise<T> {
  let isNoted = false
  for (const until = Date.now() + 60_000; ; await delay(1_000)) {
    try {
      return await ask()
    } catch (error) {
      const { message, retryable } = driftfarmError(error)
      if (!retryable || !mayRepeat() || Date.now() > until) throw error
      if (!isNoted) note(shell, `${message}: trying again`)
      isNoted = true
    }
  }
}

/**
 * The exit code is 3 if batches failed, or if the maximum number of trials or the budget was reached before a stopping
 * rule was met.
 */
export function exitCodeOf(status: StatusData): number {
  if (status.state === 'cancelled') return exitCodes.cancelled
  if (status.state !== 'complete' || status.rulesUnmet > 0) return exitCodes.incomplete
  return exitCodes.done
}

export async function printNamesakes(shell: Shell, source: Source, id: string): Promise<void> {
  const text = namesakesText(id, await source.namesakes({ sweep: id }))
  if (text !== null) note(shell, text)
}
