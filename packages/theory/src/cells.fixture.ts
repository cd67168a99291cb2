import { type Cell, parseSweep, type ResolvedCell } from '@driftfarm/spec'

/** The first cell of a sweep on a preset, from its origin unless said. */
export function resolvedCellOf(
  preset: string,
  more: Readonly<Record<string, unknown>> = {},
  dimension = 2,
): ResolvedCell {
  const spec = {
    version: 1,
    name: preset,
    landscape: { preset },
    start: new Array(dimension).fill(0),
    update: { rule: 'gradient', eta: 0.01 },
    trial: { steps: 1 },
    trials: 1,
    ...more,
  }
  return parseSweep(JSON.stringify(spec), { fileName: preset }).cell(0)
}

export function cellOf(preset: string, more?: Readonly<Record<string, unknown>>, dimension?: number): Cell {
  return resolvedCellOf(preset, more, dimension).cell
}
