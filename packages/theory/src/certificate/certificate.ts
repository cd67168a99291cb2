import type { Cell, DataTable } from '@driftfarm/spec'
import type { AdditiveChain, Refusal } from '../chain.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import type { Certificate } from './answer.ts'
import { type LineCertificate, type LineChain, lineCertificate } from './lineCertificate.ts'
import { lineQuestion } from './lineQuestion.ts'

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

function wellCertificate(asked: Asked): Certificate | Refusal {
  const found = lineBound(asked)
  if ('reason' in found) return found
  const { escape, explicit } = found
  const isClosed = explicit !== null && explicit.escape <= escape
  return { ...found, by: isClosed ? 'exponential' : 'solution', among: [0] }
}

function lineBound({ cell, data, chain, derivatives, start }: Asked): LineCertificate | Refusal {
  if ('reason' in chain) return chain
  if (derivatives === null) return { reason: 'the derivatives of the loss are not bounded by intervals' }
  if (start === null) return { reason: 'the start is random' }
  if (cell.landscape.dimension > 1) return { reason: `${cell.landscape.dimension} coordinates` }
  const [x] = start as ArrayLike<number> & readonly [number]
  const question = lineQuestion({ cell, data, chain, derivatives, start: x })
  if ('reason' in question) return question
  if (!chain.stationary) {
    const box = question.at(scheduledWidening)
    return 'reason' in box ? box : lineCertificate(box, x)
  }
  const box = bestBox(question.at, x)
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
