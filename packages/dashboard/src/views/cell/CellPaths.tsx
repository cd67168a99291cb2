import { coordinatesOf, type WholeCellData } from '@driftfarm/report'
import type { Cell } from '@driftfarm/spec'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Computer } from '../../compute/computer.ts'
import { Button } from '../../parts/controls.tsx'
import { PathsView } from '../../parts/PathsView.tsx'
import { Waiting } from '../../parts/states.tsx'

interface Props {
  readonly whole: WholeCellData
  readonly computer: Computer
  readonly height: number
}

/** Trials of a cell on its landscape, recomputed in the browser. */
export function CellPaths({ whole, computer, height }: Props) {
  const { cell, resolved } = whole
  const { landscape, start } = resolved as unknown as Cell
  const trials = Number(cell.trials)
  const [from, setFrom] = useState(0)
  // Training, and trials with many coordinates, can take minutes.
  const [requested, request] = useState(landscape.dimension <= 2 && start.kind !== 'train')
  const { data, error } = useQuery({
    queryKey: ['paths', cell.id, from],
    queryFn: () => computer.paths(from, trials),
    enabled: trials > 0 && requested,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
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
      {next < trials && <Button label="Other trials" small onClick={() => setFrom(next)} />}
      {from > 0 && <Button label="First trials" small onClick={() => setFrom(0)} />}
    </>
  )
  const coordinates = coordinatesOf(landscape).slice(0, paths[0]?.points[0]?.theta.length)
  return (
    <PathsView scene={scene} paths={paths} coordinates={coordinates} animate={false} height={height}>
      {told}
    </PathsView>
  )
}
