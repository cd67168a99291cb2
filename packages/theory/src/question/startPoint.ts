import { traceReference } from '@driftfarm/kernel'
import { type Cell, type DataTable, minimalTrial, type Start } from '@driftfarm/spec'
import type { NotApplicable } from '../chain.ts'

export function randomStart({ start, trial }: Cell): NotApplicable | null {
  const origin = originOf(start)
  if (origin.kind !== 'point')
    return { reason: `the start is not a point (${start === origin ? '' : `${start.kind} from `}${origin.kind})` }
  return trial.warmup > 0 ? { reason: 'a warm-up makes the start random' } : null
}

/**
 * Returns the point at which all trials of a cell start, bit for bit, provided that `randomStart` returns null. A start
 * of kind `descend` runs the noise-free descent, so callers should make cheaper tests first.
 */
export function startPoint(cell: Cell, data: DataTable | null): { readonly point: readonly number[] } | NotApplicable {
  if (cell.start.kind === 'point') return { point: cell.start.point }
  const point = startOfTrials(cell, data)
  return point.every(Number.isFinite) ? { point } : { reason: 'descent from the start does not lead to a finite point' }
}

export function originOf(start: Start): Start {
  return start.kind === 'descend' ? originOf(start.from) : start
}

function startOfTrials(cell: Cell, data: DataTable | null): readonly number[] {
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
  traceReference(quiet, 0, look, data)
  return point
}
