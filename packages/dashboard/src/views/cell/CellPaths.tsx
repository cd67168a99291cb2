import { coordinatesOf, type LandscapeScene, type PathsData, type WholeCellData } from '@driftfarm/report'
import type { Cell } from '@driftfarm/spec'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import type { Computer } from '../../compute/computer.ts'
import { Button, Select } from '../../parts/controls.tsx'
import { LandscapeView } from '../../parts/LandscapeView.tsx'
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
  if (scene !== null)
    return (
      <LandscapeView scene={scene} paths={paths} animate={false} height={height}>
        {told}
      </LandscapeView>
    )
  const coordinates = coordinatesOf(landscape).slice(0, paths[0]?.points[0]?.theta.length)
  return (
    <Plane paths={paths} coordinates={coordinates} height={height}>
      {told}
    </Plane>
  )
}

interface PlaneProps {
  readonly paths: PathsData['paths']
  readonly coordinates: readonly string[]
  readonly height: number
  readonly children: ReactNode
}

const step = 'step n'
const loss = 'loss L'

/** Paths in many dimensions: the loss at each step, or two chosen coordinates. */
function Plane({ paths, coordinates, height, children }: PlaneProps) {
  const [x, setX] = useState(step)
  const [y, setY] = useState(loss)
  const names = [step, loss, ...coordinates]
  const { scene, placed } = useMemo(() => planeOf(paths, coordinates, x, y), [paths, coordinates, x, y])
  const options = names.map((name) => [name, name] as const)
  return (
    <>
      <div className="controls">
        <Select label="Across" value={x} options={options} choose={setX} />
        <Select label="Up" value={y} options={options} choose={setY} />
      </div>
      <LandscapeView scene={scene} paths={placed} animate={false} height={height - 60}>
        {children}
      </LandscapeView>
    </>
  )
}

/** A scene without a surface, whose two coordinates are chosen quantities of the paths. */
function planeOf(paths: PathsData['paths'], coordinates: readonly string[], x: string, y: string) {
  type Point = PathsData['paths'][number]['points'][number]
  const valueOf = (name: string) => {
    const at = coordinates.indexOf(name)
    return (point: Point): number => (name === step ? point.n : name === loss ? point.loss : point.theta[at]!)
  }
  const [across, up] = [valueOf(x), valueOf(y)]
  const placed = paths.map((path) => ({
    ...path,
    points: path.points
      .map((point) => ({ ...point, theta: [across(point), up(point)] }))
      .filter(({ theta }) => theta.every(Number.isFinite)),
  }))
  const view = [0, 1].map((side): [number, number] => {
    const values = placed.flatMap(({ points }) => points.map(({ theta }) => theta[side]!))
    const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
    const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
    const air = 0.04 * (high - low) || 1
    return values.length === 0 ? [0, 1] : [low - air, high + air]
  })
  const scene: LandscapeScene = {
    title: '',
    coordinates: [x, y],
    view,
    columns: 0,
    rows: 0,
    losses: [],
    marks: [],
    sentences: [],
  }
  return { scene, placed }
}
