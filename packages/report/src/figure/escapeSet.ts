import { descend, exitFunction, landscapeFunction } from '@driftfarm/kernel'
import type { Cell, Start, Tables } from '@driftfarm/spec'

/** The point from which every trial of a cell starts; null if trials start from different points. */
export function startOf(cell: Cell, tables: Tables): readonly number[] | null {
  const from = (start: Start): readonly number[] | null => {
    if (start.kind === 'point') return start.point
    if (start.kind !== 'descend') return null
    const begin = from(start.from)
    if (begin === null) return null
    const theta = Float64Array.from(begin)
    return descend(landscapeFunction(cell, tables), theta, start.descent) === 'reached' ? [...theta] : null
  }
  return from(cell.start)
}

/**
 * Returns a function that tells whether a trial counts as escaped at a point. Returns null if the cell has no escape
 * event, or if the event depends on more than the point: on the step, on the course of the trial, or on a start that
 * differs from trial to trial.
 */
export function escapeSet(
  cell: Cell,
  tables: Tables,
  start: readonly number[] | null,
): ((theta: readonly number[]) => boolean) | null {
  const { escape } = cell.trial
  if (escape === null) return null
  const usesStart = escape.kind === 'basin' || (escape.kind === 'exits' && /\bdistance\b/.test(JSON.stringify(escape)))
  // After a warm-up, distances and the basin are those of the point where the warm-up ended.
  if (usesStart && (start === null || cell.trial.warmup > 0)) return null
  const events = exitFunction(cell, tables, start ?? new Float64Array(cell.landscape.dimension))
  // A basin that is checked only every few steps is still a set of points.
  if (events.needsMore && escape.kind !== 'basin') return null
  return (theta) => events.at(theta).exit !== null
}
