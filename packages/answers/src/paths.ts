import { cellOf, type Database, dataReader, snapshotOf, sweepHead, wholePages } from '@driftfarm/database'
import { traceReference } from '@driftfarm/kernel'
import { FigureError, type PathsData } from '@driftfarm/report'
import { landscapeScene } from './scene.ts'

/** Points of a path that are drawn; a picture shows no more. */
const mostPoints = 2_000
/** Steps that are replayed; the reference takes about a microsecond for each of a small landscape. */
const mostSteps = 20_000_000

/** Trials of a cell, replayed step by step by the reference. */
export async function pathsOf(
  database: Database,
  sweepId: string,
  index: number,
  trials: readonly number[],
): Promise<PathsData> {
  const { cell } = await cellOf(database, sweepId, index)
  if (cell.method.kind === 'splitting')
    throw new FigureError('NO_SUCH_FIGURE', `cell ${index} splits: its replicas are many paths each`, {
      hint: 'name a cell of another method by --cell',
    })
  const { steps, minima } = cell.trial
  if (steps * trials.length > mostSteps)
    throw new FigureError('NO_SUCH_FIGURE', `${trials.length} trials of ${steps} steps take too long to replay`, {
      hint: 'name fewer by --trials, or write one by replay --trajectory',
    })
  const { sweep, where } = await snapshotOf(database, async (reading) => {
    const head = await sweepHead(reading, sweepId)
    let params: Readonly<Record<string, unknown>> = {}
    for await (const page of wholePages(reading, head, [index])) for (const prefix of page) params = prefix.params
    const { id, name, state } = head
    const written = Object.entries(params).map(([path, value]) => `${path.split('.').at(-1)} ${textOf(value)}`)
    return { sweep: { id, name, state }, where: written.join(', ') }
  })
  const data = await dataReader(database)(cell)
  const every = Math.max(1, Math.ceil(steps / mostPoints))
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
  const scene = landscapeScene(cell, data, { title: sweep.name, points: seen, minima })
  return { sweep, cell: { index, where }, scene, paths, every }
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))
