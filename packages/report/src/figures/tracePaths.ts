import { traceReference } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import { landscapeScene } from './scene.ts'
import type { PathsData } from './trajectory.ts'

export type TracedPaths = Pick<PathsData, 'scene' | 'paths' | 'every'>

/** A picture cannot show more points of a path. */
const maxPoints = 2_000

/** Computes trials step by step with the reference engine. */
export function tracePaths(cell: Cell, data: DataTable | null, trials: readonly number[], title: string): TracedPaths {
  const { steps, minima } = cell.trial
  const every = Math.max(1, Math.ceil(steps / maxPoints))
  const paths = trials.map((trial) => {
    const points: PathsData['paths'][number]['points'][number][] = []
    let last: (typeof points)[number] | null = null
    const outcome = traceReference(
      cell,
      trial,
      ({ n, theta, loss }) => {
        last = { n, theta: [...theta], loss }
        if (n % every === 0) points.push(last)
      },
      data,
    )
    if (last !== null && points.at(-1) !== last) points.push(last)
    return { trial, end: outcome.end, points }
  })
  const seen = paths
    .flatMap(({ points }) => points.map(({ theta }) => theta))
    .filter((theta) => theta.every(Number.isFinite))
  return { scene: landscapeScene(cell, data, { title, points: seen, minima }), paths, every }
}
