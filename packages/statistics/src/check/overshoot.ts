import { type Check, check } from './check.ts'
import { percent, short } from './percent.ts'
import type { OvershootPremise } from './premises.ts'

/**
 * Two shares differ significantly if they are this many standard errors apart. If the true shares are equal, this
 * happens in one of 2000 comparisons.
 */
const criticalZ = 3.3
/**
 * With smaller steps, only a share of the escapes remains. If the upper 95 % limit of this share is at most this value,
 * the step size causes most escapes.
 */
const most = 0.5
/** If the estimate of the remaining share is at most this, the step size causes many escapes. */
const many = 0.8
/** Fewer examined escapes than this are reported only if there are at least two and all are overshoots. */
const fewest = 3
/**
 * For the verdicts `wrong` (`nearlyAll`) and `doubtful` (`half`), at least this share of the examined escapes must be
 * overshoots. The shares are used only if trials with smaller steps give no answer.
 */
const nearlyAll = 0.75
const half = 0.5

type Smaller = OvershootPremise['smaller'][number]
interface Counted {
  readonly trials: number
  readonly escaped: number
}

const shareOf = ({ escaped, trials }: Counted): number => escaped / trials

/**
 * Checks whether trials escape because they overshoot, that is, because their steps are too long for the slope of the
 * loss.
 */
export function overshootChecks(overshoot: OvershootPremise | null): readonly Check[] {
  if (overshoot === null || overshoot.escaped === 0) return []
  const { smaller } = overshoot
  const finest = smaller.at(-1)
  if (finest !== undefined) {
    const [telling] = smaller
      .filter((each) => differs(overshoot, each))
      .toSorted((a, b) => upperLimit(overshoot, a) - upperLimit(overshoot, b))
    if (telling !== undefined && shareOf(telling) <= many * shareOf(overshoot)) return [stepSize(overshoot, telling)]
    if (canDetect(overshoot, finest)) return []
  }
  return byLastSteps(overshoot)
}

/**
 * `telling` is the group of trials that shows the difference best. Its step size need not be the smallest, because only
 * a few trials may have been run with the smallest.
 */
function stepSize(overshoot: OvershootPremise, telling: Smaller): Check {
  const { trials, escaped, eta, steps, horizon } = overshoot
  const text =
    `${percent(escaped / trials)} of ${trials} trials escape${steps < horizon ? ` within ${steps} steps` : ''} with ` +
    `\`eta\` ${short(eta)}, ` +
    `but ${percent(shareOf(telling))} of ${telling.trials} with ${short(telling.eta)} at the same temperature and time`
  const enough = enoughOf(overshoot.smaller)
  const beta = enough.beta === null ? '' : `, \`beta\` ${short(enough.beta)}`
  // The compared trials may end before the horizon, so the number of steps is scaled to the whole horizon.
  const sameTime = Math.round((enough.steps / steps) * horizon)
  const why = enough.eta < telling.eta ? ' (larger steps still overshoot)' : ''
  const hint =
    `use \`eta\` ${short(enough.eta)}${why}${beta} and \`steps\` ${sameTime} with noise of the same temperature, ` +
    'or move the escape nearer to the start, where the loss is less steep'
  return upperLimit(overshoot, telling) <= most
    ? check('stability', 'wrong', `${text}: most escapes are overshoots of long steps`, hint)
    : check('stability', 'doubtful', `${text}: many escapes are overshoots of long steps`, hint)
}

/**
 * The largest step size whose share of escapes does not differ significantly from the share with the smallest step
 * size. Uses the shares over the whole horizon if they are known.
 */
function enoughOf(smaller: readonly Smaller[]): Smaller {
  const countOf = (each: Smaller): Counted => each.whole ?? each
  const finest = smaller.at(-1)!
  return smaller.find((each) => !differs(countOf(each), countOf(finest))) ?? finest
}

function byLastSteps({ examined, overshot, eta }: OvershootPremise): readonly Check[] {
  if (overshot < (examined < fewest ? examined : half * examined) || overshot < 2) return []
  return [
    check(
      'stability',
      examined >= fewest && overshot >= nearlyAll * examined ? 'wrong' : 'doubtful',
      `${overshot} of ${examined} examined escapes are overshoots: from the point before the last step, one step ` +
        'without noise still escapes or climbs, but small steps do neither',
      `use \`eta\` ${short(eta / 10)} and ten times the \`steps\` with noise of the same temperature`,
    ),
  ]
}

/** Whether the second share is significantly smaller than the first. */
function differs(a: Counted, b: Counted): boolean {
  return shareOf(a) - shareOf(b) > criticalZ * standardError(a, b)
}

/**
 * The upper 95 % limit of the share of escapes that remains with smaller steps, by Katz's method for a ratio of two
 * shares.
 */
function upperLimit(a: Counted, b: Counted): number {
  // Zero escapes count as half an escape, because the formula for the variance divides by the number of escapes.
  const escaped = Math.max(b.escaped, 0.5)
  const variance = 1 / escaped - 1 / b.trials + 1 / a.escaped - 1 / a.trials
  return (escaped / b.trials / shareOf(a)) * Math.exp(1.645 * Math.sqrt(variance))
}

/**
 * If most escapes were overshoots, smaller steps would reduce the share of escapes to about a quarter. Returns whether
 * such a reduction would be significant.
 */
function canDetect(a: Counted, b: Counted): boolean {
  return differs(a, { trials: b.trials, escaped: (shareOf(a) * b.trials) / 4 })
}

function standardError(a: Counted, b: Counted): number {
  const pooled = (a.escaped + b.escaped) / (a.trials + b.trials)
  return Math.sqrt(pooled * (1 - pooled) * (1 / a.trials + 1 / b.trials))
}
