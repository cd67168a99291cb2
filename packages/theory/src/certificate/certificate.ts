import { exitFunction } from '@driftfarm/kernel'
import type { Cell, Tables } from '@driftfarm/spec'
import { restricted } from '../ball/choice.ts'
import type { AdditiveChain } from '../chain.ts'
import { driftLaw } from '../drift.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import type { Interval } from '../interval/interval.ts'
import { regionFinder } from '../question/course.ts'
import { dependsOnMore, type NotApplicable, refuse, unlessRefused } from '../refusal.ts'
import type { Certificate } from '../shapes/index.ts'
import { basinOnLine } from './basin.ts'
import { type EventsOver, eventsOver, type PartOfEscape, partsOfEscape } from './escape.ts'
import { certifiedLaw } from './law.ts'
import { type LineChain, type LineStart, lineCertificate } from './lineCertificate.ts'
import { planeCertificate } from './planeCertificate.ts'
import { lineQuestion, planeQuestion, type Question } from './question.ts'
import type { Spread } from './step.ts'

export interface CertificateQuestion {
  readonly cell: Cell
  readonly tables: Tables
  readonly chain: AdditiveChain | NotApplicable
  readonly derivatives: Derivatives | null
  /** theta_0 if it is the same for all trials, else null. */
  readonly start: ArrayLike<number> | null
  /** The minimum at which noise-free descent from the start ends; null if it does not end at a minimum. */
  readonly minimum: ArrayLike<number> | null
}

/**
 * For a chain whose step size or drift changes with the step. Consider a trial that has not escaped and is in `stretch`
 * at the horizon. Returns a bound on the probability that this trial later leaves the ball around the minimum or does
 * not converge.
 */
export type ResidualBound = (stretch: Interval) => number

/** Distances by which the box is widened, in units of the step scale, tried in this order while the bound improves. */
const widenings = [0, 6, 12, 20, 30, 45] as const
/** For a schedule, only this widening is tried, because every step must be set up separately, which takes long. */
const scheduledWidening = 12
/** The next wider box is tried only if the last box improved the bound by at least this share. */
const better = 2e-3

/**
 * Theorem 2 for a cell: returns the best proven bound on the probability that a trial escapes within its horizon, or
 * the reason why there is none. `ball` is the bound of Theorem 1 for the same escape event, or null if Theorem 1 proves
 * none.
 */
export function certificateOf(asked: CertificateQuestion, ball: number | null): Certificate | NotApplicable {
  const found = unlessRefused(() => wellCertificate(asked))
  if (ball !== null && ball < 1 && ('reason' in found || ball < found.escape)) {
    const among = Array.from({ length: asked.cell.landscape.dimension }, (_, i) => i)
    const explicit = 'reason' in found ? null : found.explicit
    return { escape: ball, by: 'ball', among, nodes: 0, spacing: 0, followed: 0, growth: 0, explicit }
  }
  return found
}

/**
 * Without `final`, returns a bound on the probability that a trial escapes within the horizon. `final` bounds the
 * probability that a trial does not converge after the horizon, and the result then includes this probability.
 */
export function wellCertificate(question: CertificateQuestion, final?: ResidualBound): Certificate {
  const { tables, chain, derivatives, start } = question
  if ('reason' in chain) refuse(chain.reason)
  if (derivatives === null) refuse('the derivatives of the loss could not be bounded by interval arithmetic')
  const cell = withStretch(question.cell, derivatives, question)
  const spread = start === null ? spreadOf(cell) : null
  const from = spread === null ? Array.from(start!) : [spread.center]
  const { dimension } = cell.landscape
  if (dimension > 1 && (driftLaw(chain.law).isJoint || (chain.isotropic && !driftLaw(chain.law).isStandardNormal)))
    refuse(`the coordinates of spherical ${chain.law.kind} drift are not independent`)
  const exits = exitFunction(cell, tables, from)
  if (exits.needsMore) refuse(dependsOnMore)
  const seen = { chain, regionAt: regionFinder(exits), steps: cell.trial.steps, spread }
  const blocks = blocksOfEscape(cell, derivatives)
  if (blocks !== null) return ofBlocks(blocks, { ...seen, derivatives, start: from })
  // `final` assumes that trials continue after they have converged, so convergence must not end trials here.
  const asked = final === undefined ? cell : { ...cell, trial: { ...cell.trial, converge: null } }
  const events = eventsOver(asked, derivatives)
  return ofChain({ ...seen, landscape: chain.landscape, derivatives, events, start: from }, final)
}

/**
 * Replaces the event 'the trial escapes from the basin' with 'the trial leaves an interval'. Descent from any point of
 * this interval is proven to end at the start's minimum. The interval is inside the basin, so every trial that escapes
 * has left the interval. A bound on the probability of leaving the interval is therefore also a bound on the
 * probability of escape.
 */
function withStretch(cell: Cell, derivatives: Derivatives, { start, minimum }: CertificateQuestion): Cell {
  const { escape } = cell.trial
  if (escape?.kind !== 'basin') return cell
  if (cell.landscape.dimension > 1)
    refuse('escape is decided by a descent; such an escape is supported only in one dimension')
  if (start === null) refuse('the start is random, so each trial has its own basin')
  const { eta, gradient: tolerance } = escape.descent
  const basin = minimum === null ? null : basinOnLine(derivatives, minimum[0]!, { eta, tolerance })
  if (basin === null) refuse('no interval around the minimum could be proven to lie in the basin of the minimum')
  const [low, high] = basin
  if (!(start[0]! > low && start[0]! < high)) refuse('descent from the start is not proven to end at the minimum')
  const x = cell.landscape.variables?.[0] ?? 'x[1]'
  return {
    ...cell,
    trial: { ...cell.trial, escape: { kind: 'exits', exits: [['', `${x} <= ${low} || ${x} >= ${high}`]] } },
  }
}

function spreadOf({ start, landscape, trial }: Cell): Spread {
  const isSimple = start.kind === 'uniform' || start.kind === 'gaussian'
  if (!isSimple || landscape.dimension > 1 || trial.warmup > 0) return refuse('the start is random')
  const one = (value: number | readonly number[]) => (typeof value === 'number' ? value : value[0]!)
  const [center, scale] =
    start.kind === 'gaussian'
      ? [one(start.mean), one(start.sigma)]
      : [
          one(start.low) + (one(start.high) - one(start.low)) / 2,
          (one(start.high) - one(start.low)) / (2 * Math.sqrt(3)),
        ]
  return scale > 0 ? { center, scale, law: certifiedLaw({ kind: start.kind }) } : refuse('the start is random')
}

function ofChain(question: Question, final?: ResidualBound): Certificate {
  const { length } = question.start
  if (length === 1) return onLine(question, final)
  if (length === 2) return planeCertificate(planeQuestion(question), question.start)
  return refuse(`${length} coordinates interact; a certificate can be computed for at most two`)
}

interface BlockOfEscape {
  readonly among: readonly number[]
  readonly events: EventsOver
}

/**
 * If the loss is a sum over blocks of coordinates, each block is a separate chain. Returns the blocks that the escape
 * condition concerns. Returns null if there is only one block, or if the condition cannot be split into alternatives
 * that each concern only one block.
 */
function blocksOfEscape(cell: Cell, derivatives: Derivatives): readonly BlockOfEscape[] | null {
  if (derivatives.blocks.length === 1) return null
  const parts = partsOfEscape(cell, derivatives)
  if (parts === null) return null
  const byBlock = new Map<readonly number[], PartOfEscape[]>()
  for (const part of parts) {
    const block = derivatives.blocks.find((among) => part.sides.every((side) => among.includes(side)))
    if (block === undefined) return null
    byBlock.set(block, [...(byBlock.get(block) ?? []), part])
  }
  return [...byBlock].map(([among, of]) => ({
    among,
    events: (box) => {
      const exits = of.map(({ sides, exit }) => exit(sides.map((side) => box[among.indexOf(side)]!)))
      return {
        exit: [Math.max(...exits.map(([low]) => low)), Math.max(...exits.map(([, high]) => high))],
        ended: [0, 0],
      }
    },
  }))
}

/** The sum of the bounds of the blocks bounds the probability that at least one block escapes. */
function ofBlocks(
  blocks: readonly BlockOfEscape[],
  { chain, derivatives, regionAt, start, steps }: Omit<Question, 'events' | 'landscape' | 'spread'>,
): Certificate {
  const found = blocks.map(({ among, events }): Certificate => {
    const part = restricted({ landscape: chain.landscape, derivatives, minimum: start }, among)
    const whole = (theta: ArrayLike<number>) => start.map((x, i) => (among.includes(i) ? theta[among.indexOf(i)]! : x))
    const one = ofChain({
      chain,
      landscape: part.landscape,
      derivatives: part.derivatives!,
      events,
      regionAt: (theta) => regionAt(whole(theta)),
      start: part.center,
      spread: null,
      steps,
    })
    return { ...one, among: one.among.map((i) => among[i]!) }
  })
  return found.reduce(added)
}

function added(one: Certificate, other: Certificate): Certificate {
  return {
    escape: Math.min(1, one.escape + other.escape),
    by: one.by === other.by ? one.by : 'solution',
    among: [...one.among, ...other.among].sort((a, b) => a - b),
    nodes: one.nodes + other.nodes,
    spacing: Math.max(one.spacing, other.spacing),
    followed: Math.max(one.followed, other.followed),
    growth: Math.min(1, one.growth + other.growth),
    explicit: null,
  }
}

function onLine(question: Question, final?: ResidualBound): Certificate {
  const chainOn = lineQuestion(question)
  const x = question.spread ?? question.start[0]!
  const chain = question.chain.stationary ? bestBox(chainOn, x) : chainOn(scheduledWidening)
  const found = lineCertificate(final === undefined ? chain : { ...chain, final }, x)
  const { escape, explicit } = found
  const isClosed = explicit !== null && explicit.escape <= escape
  return { ...found, by: isClosed ? 'exponential' : 'solution', among: [0] }
}

function bestBox(chainOn: (widening: number) => LineChain, x: LineStart): LineChain {
  let best: { readonly chain: LineChain; readonly escape: number } | null = null
  for (const widening of widenings) {
    const found = unlessRefused(() => {
      const chain = chainOn(widening)
      return { chain, escape: lineCertificate(chain, x, true).escape }
    })
    if ('reason' in found) return best?.chain ?? refuse(found.reason)
    if (best !== null && found.escape >= best.escape * (1 - better)) break
    best = found
  }
  return best!.chain
}
