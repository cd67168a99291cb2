import { coordinatesOf } from '@driftfarm/report'
import type { Cell } from '@driftfarm/spec'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { once } from '../../compute/computer.ts'
import { useSource } from '../../live/documentOrigin.tsx'
import { Button } from '../../parts/controls.tsx'
import { PathsView } from '../../parts/PathsView.tsx'
import { Waiting } from '../../parts/states.tsx'
import type { CellProps } from './search.ts'

/** Trials of a cell on its landscape, recomputed in the browser. */
export function CellPaths({ whole, computer }: CellProps) {
  const { sweep, cell, data: samples } = whole
  const { landscape, start, method, trial } = whole.resolved as unknown as Cell
  const trials = Number(cell.trials)
  const [from, setFrom] = useState(0)
  // Training, and trials with many coordinates, can take minutes.
  const [requested, request] = useState(landscape.dimension <= 2 && start.kind !== 'train')
  const { data, error } = useQuery({
    queryKey: ['paths', cell.id, from],
    queryFn: () => computer.run('paths', from, trials),
    enabled: trials > 0 && requested,
    ...once,
  })
  const source = useSource()
  const navigate = useNavigate()
  const play = async (): Promise<void> => {
    const { spec } = await source.origins({ sweep: sweep.id })
    await navigate({ to: '/play', search: { spec, cell: cell.index } })
  }
  if (trials === 0) return null
  if (!requested)
    return (
      <p>
        <Button label="Draw some trials" onClick={() => request(true)} />
      </p>
    )
  if (error !== null || data === undefined) return <Waiting error={error}>Computing some trials</Waiting>
  const { scene, paths, next } = data
  const told = (
    <>
      {paths.length > 0 && `${paths.length} of ${trials.toLocaleString()} trials; those that escape are preferred. `}
      {paths.length > 0 && next < trials && <Button label="Other trials" small onClick={() => setFrom(next)} />}
      {from > 0 && <Button label="First trials" small onClick={() => setFrom(0)} />}{' '}
      {method.kind === 'direct' && trial.escape !== null && samples === null && (
        <Button label="Open in the playground" small onClick={play} />
      )}
    </>
  )
  const coordinates = coordinatesOf(landscape).slice(0, paths[0]?.points[0]?.theta.length)
  return (
    <PathsView scene={scene} paths={paths} coordinates={coordinates} animate={false} height={400}>
      {told}
    </PathsView>
  )
}
