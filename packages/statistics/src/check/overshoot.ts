import { type Check, check } from './check.ts'
import { percent, short } from './percent.ts'
import type { OvershootPremise } from './premises.ts'

/**
 * Two shares differ beyond chance if they are this many standard errors apart: one in 2000 pairs of equal ones is.
 */
const criticalZ = 3.3
/** If smaller steps leave at most this share of the escapes (upper 95 % limit), the step size makes most of them. */
const most = 0.5
/** If they leave at most this share (estimate), it makes many of them. */
const many = 0.8
/** Of fewer last steps all must overshoot, and two at least. */
const fewest = 3
/** Shares of last steps that overshoot from which on the number is wrong, or doubtful, where nothing else tells. */
const nearlyAll = 0.75
const half = 0.5

type Smaller = OvershootPremise['smaller'][number]
interface Counted {
  readonly trials: number
  readonly escaped: number
}

const shareOf = ({ escaped, trials }: Counted): number => escaped / trials

/** Whether trials escape because they overshoot: their steps are too long for the slope where they leave. */
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

/** `telling`: the size that shows the difference best. Of the finest one few trials may have run. */
function stepSize(overshoot: OvershootPremise, telling: Smaller): Check {
  const { trials, escaped, eta, steps, horizon } = overshoot
  const text =
    `${percent(escaped / trials)} of ${trials} trials escape${steps < horizon ? ` within ${steps} steps` : ''} with ` +
    `\`eta\` ${short(eta)}, ` +
    `but ${percent(shareOf(telling))} of ${telling.trials} with ${short(telling.eta)} at the same temperature and time`
  const enough = enoughOf(overshoot.smaller)
  const beta = enough.beta === null ? '' : `, \`beta\` ${short(enough.beta)}`
  // The comparison may stop before the horizon; the spec does not.
  const sameTime = Math.round((enough.steps / steps) * horizon)
  const why = enough.eta < telling.eta ? ' (larger steps still overshoot)' : ''
  const hint =
    `take \`eta\` ${short(enough.eta)}${why}${beta} and \`steps\` ${sameTime} with noise of the same temperature, ` +
    'or move the escape nearer to the start, where the loss is less steep'
  return upperLimit(overshoot, telling) <= most
    ? check('stability', 'wrong', `${text}: most escapes are overshoots of long steps`, hint)
    : check('stability', 'doubtful', `${text}: many escapes are overshoots of long steps`, hint)
}

/** The largest steps whose share of escapes is that of the smallest ones, but for chance; over the horizon if known. */
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
      `${overshot} of ${examined} examined escapes are overshoots: without its noise, their last step escapes or ` +
        'climbs, while descent in small steps does neither',
      `take \`eta\` ${short(eta / 10)} and ten times the \`steps\` with noise of the same temperature`,
    ),
  ]
}

/** Whether the second of two shares is smaller beyond chance. */
function differs(a: Counted, b: Counted): boolean {
  return shareOf(a) - shareOf(b) > criticalZ * standardError(a, b)
}

/** Upper 95 % limit of the share of escapes that smaller steps leave: Katz's for a ratio of two shares. */
function upperLimit(a: Counted, b: Counted): number {
  // Zero escapes count as half an escape: the logarithm of zero has no variance.
  const escaped = Math.max(b.escaped, 0.5)
  const variance = 1 / escaped - 1 / b.trials + 1 / a.escaped - 1 / a.trials
  return (escaped / b.trials / shareOf(a)) * Math.exp(1.645 * Math.sqrt(variance))
}

/**
 * Whether a quarter of the share would have been seen to be smaller: if most escapes were overshoots, as few would be
 * left.
 */
function canDetect(a: Counted, b: Counted): boolean {
  return differs(a, { trials: b.trials, escaped: (shareOf(a) * b.trials) / 4 })
}

function standardError(a: Counted, b: Counted): number {
  const pooled = (a.escaped + b.escaped) / (a.trials + b.trials)
  return Math.sqrt(pooled * (1 - pooled) * (1 / a.trials + 1 / b.trials))
}
