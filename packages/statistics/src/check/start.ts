import { binStart } from '@driftfarm/kernel'
import { isEscape, kindNamed } from '@driftfarm/spec'
import { type CellFindings, type CheckEntry, entriesOf, escapeShare, mainEstimateOf } from '../finding/cellFindings.ts'
import { doubtful, good, note, percent, type Statement, say, short } from '../finding/check.ts'
import type { Premises, SaddlePremise, StartPremise } from '../finding/premises.ts'

/**
 * An event may already hold at some starts, some starts may lie outside the basin, and some may lead to a saddle. If
 * the share of such starts is at least this fraction of the measured probability, they explain the result.
 */
const half = 0.5

export function startChecks(
  start: StartPremise | null,
  measuresEscape: boolean,
  found: CellFindings | null,
): readonly Statement[] {
  if (start === null) return []
  const { holds, outside } = start
  const exits = entriesOf(holds).filter(([name]) => isEscape(name))
  const rest = entriesOf(holds).filter(([name]) => !isEscape(name))
  const checks: Statement[] = []
  if (exits.length > 0) {
    const [name, share] = exits.reduce((most, each) => (each[1] > most[1] ? each : most))
    const explains = share >= half * (found === null ? 1 : (found.estimates[name]?.value ?? escapeShare(found)))
    checks.push(
      say(
        explains ? 'wrong' : 'doubtful',
        `${name} already holds at ${percent(share)} of the starts, before the first step`,
        'move `start` or the event, so that the event holds at no start',
      ),
    )
  }
  if (rest.length > 0) {
    const list = rest.map(([name, share]) => `${name} ${percent(share)}`).join(', ')
    checks.push(note(`events that already hold before the first step, with their share of starts: ${list}`))
  }
  if (outside !== null && outside.share > 0) {
    const misleads = measuresEscape && outside.share >= half * (found === null ? 1 : escapeShare(found))
    checks.push(
      say(
        misleads ? 'doubtful' : 'note',
        `${percent(outside.share)} of the starts lie outside the basin of ${outside.minimum}`,
        misleads ? `start nearer to ${outside.minimum}, or at it (\`start: {minimum: ${outside.minimum}}\`)` : null,
      ),
    )
  }
  return checks.length > 0 ? checks : [good('no event condition holds before the first step')]
}

/** After training that diverged, trials diverge too. After training that missed its goal, they start elsewhere. */
export function trainingCheck(training: Premises['training']): Statement | null {
  if (training === undefined || training.missed + training.diverged === 0) return null
  const { runs, missed, diverged, until, steps } = training
  const share = (count: number) => (runs === 1 ? 'the training run' : `${count} of ${runs} training runs`)
  if (diverged > 0)
    return say(
      diverged === runs ? 'wrong' : 'doubtful',
      `${share(diverged)} diverged, so trials from there diverge at their first step`,
      'use a smaller `start.train.update.eta`',
    )
  return doubtful(
    `${share(missed)} did not reach \`${until}\` within ${steps} steps, so trials start where training stopped`,
    'train longer (`start.train.steps`), or change `start.train.update` or `start.train.until`',
  )
}

/** Two shares within this factor of each other count as about equal. */
const alike = 2
/** Eigenvalues with a magnitude below this may be rounding errors. */
const flat = 1e-8

/**
 * An escape from a saddle is not an escape from a minimum: noise moves a trial off the saddle, and then the trial
 * descends. If the descent can end in several places, it may still be worth measuring how likely each place is. The
 * verdict is therefore only a note if the cell has several exits. It is also only a note if the cell measures a
 * committor (P(escape before converging)) and descent leads to several named minima.
 */
export function saddleChecks(
  saddle: SaddlePremise | null,
  measuresEscape: boolean,
  found: CellFindings | null,
): Statement | null {
  if (saddle === null) return null
  const { share, curvature, into } = saddle
  const where =
    share === 1 ? 'every start is, or descends into,' : `${percent(share)} of the starts are, or descend into,`
  const ends = [...new Set(into)]
  const beside = ends.length === 0 ? 'descent leads away' : `descent leads to ${ends.join(' and ')}`
  const text =
    `${where} a saddle or a maximum (smallest curvature ` +
    `${Math.abs(curvature) < flat ? 'about 0' : short(curvature)}). From nearby points, ${beside}`
  const hint = 'start at a minimum (`start: {minimum: NAME}`), or measure which of two exits is taken'
  const verdict = verdictOf(saddle, ends.length, measuresEscape, found)
  return say(
    verdict,
    verdict === 'note' ? text : `${text}, so the estimate measures this descent`,
    verdict === 'note' ? null : hint,
  )
}

function verdictOf(
  { share, escapes }: SaddlePremise,
  ends: number,
  measuresEscape: boolean,
  found: CellFindings | null,
): 'note' | 'doubtful' | 'wrong' {
  if (!measuresEscape) {
    const main = found === null ? null : mainEstimateOf(found.estimates)
    return main !== null && kindNamed(main[0]) === 'settle' && share >= half ? 'doubtful' : 'note'
  }
  if (found === null) return 'doubtful'
  const isCommittor = found.estimates.escape?.event === 'escape before converging' && ends > 1
  if (found.tally.exits.length > 1 || isCommittor) return 'note'
  const measured = escapeShare(found)
  if (share < half * measured) return 'note'
  return measured > 0 && alike * share * escapes >= measured && share * escapes <= alike * measured
    ? 'wrong'
    : 'doubtful'
}

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
): readonly (Statement | null)[] {
  if (firstStep === null || found === null || horizon < shortest) return []
  const main = mainEstimateOf(found.estimates)?.[0] ?? null
  const held = start?.holds ?? {}
  return [
    held.escape === undefined ? escaping(found, firstStep.holds.escape ?? 0) : null,
    converging(found, main, {
      hold: firstStep.hold,
      // A condition of convergence that holds at the start often holds again soon. So convergence before trials have
      // forgotten their start is attributed to the start.
      spread: (held.converge ?? 0) >= most ? (relaxation?.steps ?? 0) : 0,
    }),
    ...marking(found, main, firstStep.holds),
    unchanging(found, main, { atStart: held, loud: firstStep.loud, first: firstStep.holds }),
  ]
}

function escaping({ tally }: CellFindings, sampled: number): Statement | null {
  const { trials, escaped } = tally
  if (escaped === 0 && tally.values === undefined) return null
  const atOnce = tally.values === undefined ? stepsUpTo(tally.escapeHistogram, 1) / trials : sampled
  const mostOfThem = tally.values === undefined && escaped >= minEvents && atOnce * trials >= ofEvents * escaped
  if (atOnce < most && !mostOfThem) return null
  return say(
    atOnce >= nearlyAll ? 'wrong' : 'doubtful',
    `${percent(atOnce)} of the trials escape in their first step` +
      (mostOfThem && atOnce < most ? ` (${percent((atOnce * trials) / escaped)} of all escapes)` : ''),
    'move `start` or the event, or use a smaller `eta` or less noise, so that the first step does not decide the ' +
      'estimate',
  )
}

function converging(
  { tally, estimates }: CellFindings,
  main: string | null,
  { hold, spread }: { readonly hold: number; readonly spread: number },
): Statement | null {
  if (tally.values !== undefined || main === null) return null
  const kind = kindNamed(main)
  const competes = estimates.escape?.event === 'escape before converging'
  if (!competes && kind !== 'converge' && kind !== 'settle') return null
  const within = (steps: number) => stepsUpTo(tally.convergeHistogram, steps) / tally.trials
  const atOnce = within(hold) >= most
  const last = Math.max(hold, spread)
  const share = within(atOnce ? hold : last)
  if (share < most) return null
  const when = atOnce
    ? `at step ${hold}, the earliest possible step`
    : `by step ${last}, because the condition for convergence already holds where they start`
  return say(
    share >= nearlyAll ? 'wrong' : 'doubtful',
    `${percent(share)} of the trials converge ${when}${competes ? ', so they can no longer escape' : ''}`,
    'choose another `start`, name another minimum in `converge`, remove `converge`, or use a longer `hold`' +
      (competes ? ' or `afterConverge: continue`' : ''),
  )
}

/** Shares of trials by the name of an event. */
type Shares = Readonly<Record<string, number>>

function marking({ estimates }: CellFindings, main: string | null, first: Shares): readonly Statement[] {
  return entriesOf(first).flatMap(([name, share]) => {
    if (kindNamed(name) !== 'mark' || share < nearlyAll) return []
    if (estimates[name] === undefined && estimates[name.replace(/^mark:/, 'cost:')] === undefined) return []
    return [
      say(
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
  { atStart, first, loud }: { readonly atStart: Shares; readonly first: Shares; readonly loud: Shares | null },
): Statement | null {
  if (main === null || kindNamed(main) !== 'class' || loud === null) return null
  const always = [atStart[main] ?? 0, first[main] ?? 0, loud[main] ?? 0, estimates[main]!.value]
  if (!always.every((share) => share >= nearlyAll)) return null
  return doubtful(
    `${main} holds at ${percent(always[0]!)} of the starts, at the end of ${percent(always[3]!)} of the trials, ` +
      `and at the end of ${percent(always[2]!)} of trials with four times the noise. So this class does not depend ` +
      'on what happens in the trials',
    'choose a condition that some trials do not meet',
  )
}

function stepsUpTo(histogram: CellFindings['tally']['escapeHistogram'], step: number): number {
  return histogram.reduce((sum, [bin, count]) => (binStart(bin) <= step ? sum + count : sum), 0)
}

export const start: CheckEntry = {
  parts: ['start', 'saddle', 'firstStep'],
  ofPremises: (premises, { measuresEscape, found, horizon }) => [
    trainingCheck(premises.training),
    ...startChecks(premises.start, measuresEscape, found),
    saddleChecks(premises.saddle, measuresEscape, found),
    ...firstStepChecks(premises, found, horizon),
  ],
}
