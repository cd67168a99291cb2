import { binStart } from '@driftfarm/kernel'
import { kindNamed } from '@driftfarm/spec'
import { type CellFindings, mainEstimateOf } from './cellFindings.ts'
import { type Check, check } from './check.ts'
import { entriesOf } from './entriesOf.ts'
import { percent } from './percent.ts'
import type { Premises } from './premises.ts'

/**
 * Limits for the share of trials that escape or converge in the first possible step. If the share is at least
 * `nearlyAll`, the verdict is `wrong`. If it is smaller, but at least `most`, the verdict is `doubtful`.
 */
const nearlyAll = 0.95
const most = 0.5
/** If at least this share of the escapes happen in the first step, later steps hardly matter. */
const ofEvents = 0.9
const minEvents = 16
/** With a horizon shorter than this, the first step may be exactly what the user wants to measure. */
const shortest = 10

/**
 * If an event happens in the first step, its estimate shows only where trials start. Convergence needs at least `hold`
 * steps, so for convergence, step `hold` counts as the first.
 */
export function firstStepChecks(
  { start, firstStep, relaxation }: Premises,
  found: CellFindings | null,
  horizon: number,
): readonly Check[] {
  if (firstStep === null || found === null || horizon < shortest) return []
  const main = mainEstimateOf(found.estimates)?.[0] ?? null
  const held = start?.holds ?? {}
  return [
    ...(held.escape === undefined ? escaping(found, firstStep.holds.escape ?? 0) : []),
    ...converging(found, main, {
      hold: firstStep.hold,
      // A condition of convergence that holds at the start often holds again soon. So convergence before trials have
      // forgotten their start is attributed to the start.
      spread: (held.converge ?? 0) >= most ? (relaxation?.steps ?? 0) : 0,
    }),
    ...marking(found, main, firstStep.holds),
    ...unchanging(found, main, { atStart: held, loud: firstStep.loud, first: firstStep.holds }),
  ]
}

function escaping({ tally }: CellFindings, sampled: number): readonly Check[] {
  const { trials, escaped } = tally
  if (escaped === 0 && tally.values === undefined) return []
  const atOnce = tally.values === undefined ? stepsUpTo(tally.escapeHistogram, 1) / trials : sampled
  const mostOfThem = tally.values === undefined && escaped >= minEvents && atOnce * trials >= ofEvents * escaped
  if (atOnce < most && !mostOfThem) return []
  return [
    check(
      'start',
      atOnce >= nearlyAll ? 'wrong' : 'doubtful',
      `${percent(atOnce)} of the trials escape in their first step` +
        (mostOfThem && atOnce < most ? ` (${percent((atOnce * trials) / escaped)} of all escapes)` : ''),
      'move `start` or the event, or use a smaller `eta` or less noise, so that the first step does not decide the ' +
        'estimate',
    ),
  ]
}

function converging(
  { tally, estimates }: CellFindings,
  main: string | null,
  { hold, spread }: { readonly hold: number; readonly spread: number },
): readonly Check[] {
  if (tally.values !== undefined || main === null) return []
  const kind = kindNamed(main)
  const competes = estimates.escape?.event === 'escape before converging'
  if (!competes && kind !== 'converge' && kind !== 'settle') return []
  const within = (steps: number) => stepsUpTo(tally.convergeHistogram, steps) / tally.trials
  const atOnce = within(hold) >= most
  const last = Math.max(hold, spread)
  const share = within(atOnce ? hold : last)
  if (share < most) return []
  const when = atOnce
    ? `at step ${hold}, the earliest possible step`
    : `by step ${last}, because the condition for convergence already holds where they start`
  return [
    check(
      'start',
      share >= nearlyAll ? 'wrong' : 'doubtful',
      `${percent(share)} of the trials converge ${when}${competes ? ', so they can no longer escape' : ''}`,
      'choose another `start`, name another minimum in `converge`, remove `converge`, or use a longer `hold`' +
        (competes ? ' or `afterConverge: continue`' : ''),
    ),
  ]
}

function marking(
  { estimates }: CellFindings,
  main: string | null,
  first: Readonly<Record<string, number>>,
): readonly Check[] {
  return entriesOf(first).flatMap(([name, share]) => {
    if (kindNamed(name) !== 'mark' || share < nearlyAll) return []
    if (estimates[name] === undefined && estimates[name.replace(/^mark:/, 'cost:')] === undefined) return []
    return [
      check(
        'start',
        main === name ? 'wrong' : 'doubtful',
        `${name} holds after the first step in ${percent(share)} of the trials, so the time and the cost of this ` +
          'mark tell you nothing',
        'choose a condition that does not hold where trials start',
      ),
    ]
  })
}

function unchanging(
  { estimates }: CellFindings,
  main: string | null,
  {
    atStart,
    first,
    loud,
  }: {
    readonly atStart: Readonly<Record<string, number>>
    readonly first: Readonly<Record<string, number>>
    readonly loud: Readonly<Record<string, number>> | null
  },
): readonly Check[] {
  if (main === null || kindNamed(main) !== 'class' || loud === null) return []
  const always = [atStart[main] ?? 0, first[main] ?? 0, loud[main] ?? 0, estimates[main]!.value]
  if (!always.every((share) => share >= nearlyAll)) return []
  return [
    check(
      'start',
      'doubtful',
      `${main} holds at ${percent(always[0]!)} of the starts, at the end of ${percent(always[3]!)} of the trials, ` +
        `and at the end of ${percent(always[2]!)} of trials with four times the noise. So this class does not depend ` +
        'on what happens in the trials',
      'choose a condition that some trials do not meet',
    ),
  ]
}

function stepsUpTo(histogram: CellFindings['tally']['escapeHistogram'], step: number): number {
  return histogram.reduce((sum, [bin, count]) => (binStart(bin) <= step ? sum + count : sum), 0)
}
