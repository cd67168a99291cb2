import type { CheckEntry } from '../finding/cellFindings.ts'
import { doubtful, good, note, percent, type Statement, say, short, wrong } from '../finding/check.ts'
import type { OvershootPremise, StabilityPremise } from '../finding/premises.ts'

export function stabilityChecks(stability: StabilityPremise | null): Statement | null {
  if (stability === null) return null
  const { eta, curvature, limit, at } = stability
  const largest = `the largest curvature at the ${at ?? 'minimum'} (${short(curvature)})`
  const product = `eta ${short(eta)} times ${largest} is ${short(eta * curvature)}`
  if (eta * curvature <= limit) return good(`${product}, within the limit ${short(limit)}`)
  const text = `${product}, above the limit ${short(limit)}`
  const hint = `use \`eta\` below ${short(limit / curvature)}`
  // Far from a minimum, such as at random weights of a network, descent often finds a way to flatter places.
  if (at === 'start')
    return note(
      `${text}: near a minimum, descent would diverge even without noise`,
      `if the start is near a minimum, ${hint}`,
    )
  return doubtful(`${text}: descent diverges from there even without noise`, hint)
}

/**
 * If one share exceeds another by more than this many standard errors, the difference is significant. If the
 * probabilities are equal, this happens by chance in one of 2000 comparisons.
 */
const criticalZ = 3.3
/**
 * Thresholds for the ratio of two shares of escapes: the share with smaller steps, divided by the share with the cell's
 * own steps. If the upper 95 % limit of the ratio is at most `most`, the step size causes most escapes. If the ratio
 * itself is at most `many`, the step size causes many escapes.
 */
const most = 0.5
const many = 0.8
const minExamined = 3
/**
 * The check calls an estimate wrong if the share of overshoots among the examined escapes is at least `nearlyAll`, and
 * doubtful if it is at least `half`.
 */
const nearlyAll = 0.75
const half = 0.5

type Smaller = OvershootPremise['smaller'][number]
interface Counted {
  readonly trials: number
  readonly escaped: number
}

const shareOf = ({ escaped, trials }: Counted): number => escaped / trials

export function overshootChecks(overshoot: OvershootPremise | null): Statement | null {
  if (overshoot === null || overshoot.escaped === 0) return null
  const { smaller } = overshoot
  const finest = smaller.at(-1)
  if (finest !== undefined) {
    const [telling] = smaller
      .filter((each) => exceeds(overshoot, each))
      .toSorted((a, b) => upperLimit(overshoot, a) - upperLimit(overshoot, b))
    if (telling !== undefined && shareOf(telling) <= many * shareOf(overshoot)) return stepSize(overshoot, telling)
    if (canDetect(overshoot, finest)) return null
  }
  return byLastSteps(overshoot)
}

/**
 * With smaller steps, fewer trials escape. `telling` is the group of trials that shows this most clearly. The group
 * with the smallest steps may show it less clearly, because it may have only a few trials.
 */
function stepSize(overshoot: OvershootPremise, telling: Smaller): Statement {
  const { trials, escaped, eta, steps, horizon } = overshoot
  const text =
    `${percent(escaped / trials)} of ${trials} trials escape${steps < horizon ? ` within ${steps} steps` : ''} with ` +
    `\`eta\` ${short(eta)}, ` +
    `but ${percent(shareOf(telling))} of ${telling.trials} trials with ` +
    `\`eta\` ${short(telling.eta)} at the same temperature and time`
  const enough = enoughOf(overshoot.smaller)
  const beta = enough.beta === null ? '' : `, \`beta\` ${short(enough.beta)}`
  // The compared trials may end before the horizon, so the number of steps is scaled to the whole horizon.
  const sameTime = Math.round((enough.steps / steps) * horizon)
  const why = enough.eta < telling.eta ? ' (larger steps still overshoot)' : ''
  const hint =
    `use \`eta\` ${short(enough.eta)}${why}${beta} and \`steps\` ${sameTime} with noise of the same temperature, ` +
    'or move the escape nearer to the start, where the loss is less steep'
  return upperLimit(overshoot, telling) <= most
    ? wrong(`${text}: most escapes happen because long steps overshoot`, hint)
    : doubtful(`${text}: many escapes happen because long steps overshoot`, hint)
}

/**
 * Returns the group with the largest step size for which the share of escapes is not significantly larger than for the
 * smallest step size.
 */
function enoughOf(smaller: readonly Smaller[]): Smaller {
  const countOf = (each: Smaller): Counted => each.whole ?? each
  const finest = smaller.at(-1)!
  return smaller.find((each) => !exceeds(countOf(each), countOf(finest))) ?? finest
}

function byLastSteps({ examined, overshot, eta }: OvershootPremise): Statement | null {
  if (overshot < (examined < minExamined ? examined : half * examined) || overshot < 2) return null
  return say(
    examined >= minExamined && overshot >= nearlyAll * examined ? 'wrong' : 'doubtful',
    `${overshot} of ${examined} examined escapes are overshoots: even without noise, the last step would escape ` +
      'or increase the loss, but small steps from the same point would not',
    `use \`eta\` ${short(eta / 10)} and ten times the \`steps\` with noise of the same temperature`,
  )
}

function exceeds(a: Counted, b: Counted): boolean {
  return shareOf(a) - shareOf(b) > criticalZ * standardError(a, b)
}

/** The upper 95 % limit of the ratio of share b to share a, by Katz's method. */
function upperLimit(a: Counted, b: Counted): number {
  // Zero escapes count as half an escape, because the formula for the variance divides by the number of escapes.
  const escaped = Math.max(b.escaped, 0.5)
  const variance = 1 / escaped - 1 / b.trials + 1 / a.escaped - 1 / a.trials
  return (escaped / b.trials / shareOf(a)) * Math.exp(1.645 * Math.sqrt(variance))
}

/**
 * If most escapes were overshoots, smaller steps would reduce the share of escapes to about a quarter of its value.
 * Returns whether the comparison would detect such a reduction.
 */
function canDetect(a: Counted, b: Counted): boolean {
  return exceeds(a, { trials: b.trials, escaped: (shareOf(a) * b.trials) / 4 })
}

function standardError(a: Counted, b: Counted): number {
  const pooled = (a.escaped + b.escaped) / (a.trials + b.trials)
  return Math.sqrt(pooled * (1 - pooled) * (1 / a.trials + 1 / b.trials))
}

export const stability: CheckEntry = {
  parts: ['stability', 'overshoot'],
  ofPremises: (premises) => [stabilityChecks(premises.stability), overshootChecks(premises.overshoot)],
}
