import type { Tally } from '@driftfarm/kernel'
import type { Estimate } from './estimate.ts'

export type WarningCode = 'NO_EVENTS' | 'ALWAYS' | 'DIVERGED' | 'FEW_ESCAPES'

/** Something a reader of an estimate should know, about one cell. */
export interface Warning {
  readonly code: WarningCode
  /** The estimate it is about. */
  readonly estimate: string
  readonly message: string
}

/** Only of estimates that were asked for; those at shorter horizons say nothing new. */
export function warningsOf(estimates: Readonly<Record<string, Estimate>>, tally: Tally): readonly Warning[] {
  const warnings: Warning[] = []
  const { escape: escaping, escapeStep } = estimates
  const trials = tally.trials
  if (escaping?.events === 0)
    warnings.push({
      code: 'NO_EVENTS',
      estimate: 'escape',
      message: `no escape in ${trials} trials: only the upper limit ${escaping.high.toPrecision(2)} is known`,
    })
  if (escaping !== undefined && trials > 0 && escaping.events === trials)
    warnings.push({
      code: 'ALWAYS',
      estimate: 'escape',
      message: `all ${trials} trials escaped: only the lower limit ${escaping.low.toPrecision(6)} is known`,
    })
  const diverged = tally.ends[2] ?? 0
  if (diverged > 0)
    warnings.push({
      code: 'DIVERGED',
      estimate: 'diverge',
      message: `${diverged} of ${trials} trials diverged: the step size may be beyond stability`,
    })
  if (escapeStep?.method.startsWith('bounded') && escapeStep.events > 0)
    warnings.push({
      code: 'FEW_ESCAPES',
      estimate: 'escapeStep',
      message: `escapeStep rests on ${escapeStep.events} escapes: its interval is a bound`,
    })
  return warnings
}
