import { cellOf, dataReader, sweepHead } from '@driftfarm/database'
import { cellPlaceText, countText, FigureError, type PathsData } from '@driftfarm/report'
import type { AnswerContext, Answering } from '../answering.ts'
import { orderKeys } from '../prefix.ts'

/**
 * Largest number of steps to replay, over all trials. On a small landscape, the reference engine takes about a
 * microsecond per step.
 */
const maxSteps = 20_000_000

export const paths: Answering<'paths'> = (context, { sweep, cell, trials }) => pathsOf(context, sweep, cell, trials)

export async function pathsOf(
  { database, heavy }: AnswerContext,
  sweepId: string,
  place: number | string,
  trials: readonly number[],
): Promise<PathsData> {
  const { cell, index, params } = await cellOf(database, sweepId, place)
  if (cell.method.kind === 'splitting')
    throw new FigureError('NO_SUCH_FIGURE', `cell ${index} uses splitting, where each replica consists of many paths`, {
      hint: 'with --cell, choose a cell that does not use splitting',
    })
  const { steps } = cell.trial
  const replayed = `${countText(trials.length, 'trial')} of ${steps} steps`
  if (steps * trials.length > maxSteps)
    throw new FigureError('NO_SUCH_FIGURE', `replaying ${replayed} takes too long`, {
      hint: 'choose fewer trials with --trials, or write the path of one trial with `driftfarm replay --trajectory`',
    })
  const { id, name, state, axes } = await sweepHead(database, sweepId)
  const traced = await heavy.paths(cell, await dataReader(database)(cell), trials, name)
  return { sweep: { id, name, state }, cell: { index, where: cellPlaceText(orderKeys(params, axes)) }, ...traced }
}
