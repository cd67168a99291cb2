import { descend, landscapeFunction } from '@driftfarm/kernel'
import type { Cell, Start, Tables } from '@driftfarm/spec'
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
  const { start } = cell
  if (start.kind === 'point') return start.point
  if (start.kind !== 'descend') throw new TypeError(`internal error: a start of kind ${start.kind} is not one point`)
  const theta = Float64Array.from(startPoint({ ...cell, start: start.from }, tables))
  descend(landscapeFunction(cell, tables), theta, start.descent)
  return theta.every(Number.isFinite) ? [...theta] : refuse('descent from the start does not lead to a finite point')
}

/** Whether all trials start at the same point: a given point, or the end of descent from a given point. */
export const isPoint = (start: Start): boolean => originOf(start).kind === 'point'

export function originOf(start: Start): Start {
  return start.kind === 'descend' ? originOf(start.from) : start
}
