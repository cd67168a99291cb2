import type { Cell, DataTable } from '@driftfarm/spec'
import type { AdditiveChain, Refusal } from '../chain.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import type { Certificate } from './answer.ts'
import { type LineCertificate, type LineChain, lineCertificate } from './lineCertificate.ts'
import { lineQuestion, type Question } from './lineQuestion.ts'
import { planeCertificate } from './planeCertificate.ts'
import { planeQuestion } from './planeQuestion.ts'

export interface Asked {
  readonly cell: Cell
  readonly data: DataTable | null
  readonly chain: AdditiveChain | Refusal
  readonly derivatives: Derivatives | null
  /** theta_0, the same for all trials; null where it is not. */
  readonly start: ArrayLike<number> | null
}

/** How much wider the box is made, in scales, while that makes the bound better. */
const widenings = [0, 6, 12, 20, 30, 45] as const
/** For a schedule, each of whose steps is another, one width has to do. */
const scheduledWidening = 12
/** A wider box must make the bound better by this share. */
const better = 2e-3

/**
 * Theorem 2 for a cell: the least proven bound of the probability that a trial escapes within its horizon, or why there
 * is none. `ball` is what Theorem 1 says of the same escape, null where it says nothing that is proven.
 */
export function certificateOf(asked: Asked, ball: number | null): Certificate | Refusal {
  const found = wellCertificate(asked)
  if (ball !== null && ball < 1 && ('reason' in found || ball < found.escape)) {
    const among = Array.from({ length: asked.cell.landscape.dimension }, (_, i) => i)
    const explicit = 'reason' in found ? null : found.explicit
    return { escape: ball, by: 'ball', among, nodes: 0, spacing: 0, followed: 0, growth: 0, explicit }
  }
  return found
}

function wellCertificate({ cell, data, chain, derivatives, start }: Asked): Certificate | Refusal {
  if ('reason' in chain) return chain
  if (derivatives === null) return { reason: 'the derivatives of the loss are not bounded by intervals' }
  if (start === null) return { reason: 'the start is random' }
  const { dimension } = cell.landscape
  const question = { cell, data, chain, derivatives, start: Array.from(start) }
  if (dimension === 1) return onLine(question)
  if (dimension === 2) return inPlane(question)
  return { reason: `${dimension} coordinates that act together: one or two are followed` }
}

function onLine(question: Question): Certificate | Refusal {
  const found = lineBound(question)
  if ('reason' in found) return found
  const { escape, explicit } = found
  const isClosed = explicit !== null && explicit.escape <= escape
  return { ...found, by: isClosed ? 'exponential' : 'solution', among: [0] }
}

function inPlane(question: Question): Certificate | Refusal {
  const asked = planeQuestion(question)
  if ('reason' in asked) return asked
  const [x, y] = question.start as readonly [number, number]
  const found = planeCertificate(asked.chain, [x, y])
  if ('reason' in found) return found
  return { ...found, by: 'solution', among: [0, 1], spacing: asked.spacing, explicit: null }
}

function lineBound(question: Question): LineCertificate | Refusal {
  const asked = lineQuestion(question)
  if ('reason' in asked) return asked
  const [x] = question.start as readonly [number]
  const box = question.chain.stationary ? bestBox(asked.at, x) : asked.at(scheduledWidening)
  return 'reason' in box ? box : lineCertificate(box, x)
}

/** The narrowest box that a wider one hardly improves, by certificates on coarse meshes. */
function bestBox(at: (widening: number) => LineChain | Refusal, x: number): LineChain | Refusal {
  let best: { readonly box: LineChain; readonly escape: number } | null = null
  for (const widening of widenings) {
    const box = at(widening)
    if ('reason' in box) return best?.box ?? box
    const found = lineCertificate(box, x, true)
    if ('reason' in found) return best?.box ?? found
    if (best !== null && found.escape >= best.escape * (1 - better)) break
    best = { box, escape: found.escape }
  }
  return best!.box
}
