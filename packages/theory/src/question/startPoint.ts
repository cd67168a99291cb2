import { traceReference } from '@driftfarm/kernel'
import { type Cell, minimalTrial, type Start, type Tables } from '@driftfarm/spec'
import { refuse } from '../refusal.ts'

/** Refuses if trials start at different points. */
export function requireOneStart({ start, trial }: Cell): void {
  const origin = originOf(start)
  if (origin.kind !== 'point')
    refuse(`the start is not a point (${start === origin ? '' : `${start.kind} from `}${origin.kind})`)
  if (trial.warmup > 0) refuse('a warm-up makes the start random')
}

/**
 * Returns the point at which all trials of a cell start, bit for bit, provided that `requireOneStart` does not refuse.
 * A start of kind `descend` runs the noise-free descent, so callers should make cheaper tests first.
 */
export function startPoint(cell: Cell, tables: Tables): readonly number[] {
  if (cell.start.kind === 'point') return cell.start.point
  const point = startOfTrials(cell, tables)
  return point.every(Number.isFinite) ? point : refuse('descent from the start does not lead to a finite point')
}

/** Whether all trials start at the same point: a given point, or the end of descent from a given point. */
export const isPoint = (start: Start): boolean => originOf(start).kind === 'point'

export function originOf(start: Start): Start {
  return start.kind === 'descend' ? originOf(start.from) : start
}

function startOfTrials(cell: Cell, tables: Tables): readonly number[] {
  const quiet: Cell = {
    ...cell,
    method: { kind: 'direct' },
    update: { rule: { kind: 'gradient' }, eta: { kind: 'constant', value: 0 }, drift: [] },
    trial: { ...minimalTrial, steps: 1 },
  }
  let point: readonly number[] = []
  const look = ({ n, theta }: { readonly n: number; readonly theta: Float64Array }) => {
    if (n === 0) point = [...theta]
  }
  traceReference(quiet, 0, look, tables)
  return point
}
