import type { Cell, DataTable } from '@driftfarm/spec'
import type { AdditiveChain, Refusal } from '../chain.ts'
import type { Derivatives } from '../interval/derivatives.ts'
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
/** A wider box must make the bound better by this share. */
const better = 2e-3

/** A proven bound of the probability that a trial of the cell escapes within its horizon, or why there is none. */
export function certificateOf({ cell, data, chain, derivatives, start }: Asked): LineCertificate | Refusal {
  if ('reason' in chain) return chain
  if (derivatives === null) return { reason: 'the loss is not a formula whose derivatives are bounded by intervals' }
  if (start === null) return { reason: 'the start is random' }
  if (cell.landscape.dimension > 1) return { reason: `${cell.landscape.dimension} coordinates` }
  const question = lineQuestion({ cell, data, chain, derivatives, start: start[0]! })
  if ('reason' in question) return question
  let best: { readonly box: LineChain; readonly escape: number } | null = null
  let refusal: Refusal | null = null
  for (const widening of widenings) {
    const box = question.at(widening)
    const found = 'reason' in box ? box : lineCertificate(box, start[0]!, true)
    if ('reason' in box || 'reason' in found) {
      refusal ??= found as Refusal
      break
    }
    const isBetter = best === null || found.escape < best.escape * (1 - better)
    if (!isBetter) break
    best = { box, escape: found.escape }
  }
  if (best === null) return refusal!
  return lineCertificate(best.box, start[0]!)
}
