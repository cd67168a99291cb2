import { type Database, extensionOf, storedTrialsOf, submitSweep } from '@driftfarm/database'
import type { ResolvedSpec, Submission } from '@driftfarm/report'
import { type Demand, specTextWithOptions } from '@driftfarm/spec'
import { wideningOf } from '@driftfarm/statistics'
import { dearConditionNotes } from './plan/dearHints.ts'

/** The spec and the options are stored in one text. */
export type SpecToSubmit = Pick<ResolvedSpec, 'sweep' | 'text' | 'set' | 'trials'>

/** Stores a sweep, with the options that change its spec. */
export async function submitSpec(
  database: Database,
  { sweep, text, ...options }: SpecToSubmit,
  how: Parameters<typeof submitSweep>[3],
): Promise<Submission> {
  const widening = await wideningNotes(database, sweep.id(), sweep.demand)
  const warnings = [...widening, ...dearConditionNotes(sweep)]
  const submitted = await submitSweep(database, sweep, specTextWithOptions(text, options), how)
  const { id, state, created, reused } = submitted
  const nothing = { cells: 0, trials: '0' }
  const computed =
    submitted.computed ?? (state === 'complete' ? nothing : (await storedTrialsOf(database, sweep)).computed)
  return { id, name: sweep.name, state, isNew: created, warnings, reused, computed }
}

/**
 * Describes how the intervals change when another number of trials or another stopping rule is requested after an
 * interim look. Returns lines of text; none if the intervals do not change.
 */
export async function wideningNotes(database: Database, sweepId: string, next: Demand): Promise<readonly string[]> {
  const extension = await extensionOf(database, sweepId, next)
  if (extension === null) return []
  const { already, more, cells, example, methods } = extension
  const change = more ? 'more trials were requested' : 'another number of trials or another stopping rule was requested'
  const head = already
    ? 'the number of trials was chosen after an interim look, so intervals are wider: they hold at any number of trials'
    : `${change} after an interim look, so intervals will be wider: they will hold at any number of trials`
  if (!methods.includes('direct') || example === null || next.trials === null) return [head]
  const { index, trials, escape } = example
  const simultaneous = next.simultaneous ? cells : 1
  const { anytime, fixed } = wideningOf(
    { events: escape.events, counted: trials },
    next.trials,
    next.confidence,
    simultaneous,
  )
  const width = ({ low, high }: { readonly low: number; readonly high: number }) => Number((high - low).toPrecision(2))
  return [
    `${head} (beta-binomial)`,
    `  cell ${index}: escape is ${Number(escape.value.toPrecision(3))}; the width of its interval is ` +
      `${width(escape)} at ${trials} trials and will be about ${width(anytime)} at ${next.trials} ` +
      `(${width(fixed)} if ${next.trials} had been requested from the start)`,
  ]
}

export { identify, requireKernel } from './sweepText.ts'
