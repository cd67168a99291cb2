import { type LandscapeScene, type PathsData, valueAxis } from '@driftfarm/report'
import { useMemo, useState } from 'react'
import { Select } from './controls.tsx'
import { type LandscapeProps, LandscapeView } from './LandscapeView.tsx'

interface PlaneProps extends Omit<LandscapeProps, 'scene'> {
  /** The names of the coordinates that the points of the paths have. */
  readonly coordinates: readonly string[]
}

interface Props extends PlaneProps {
  /** null if the landscape has more than two coordinates. */
  readonly scene: LandscapeScene | null
}

/** Paths of trials on their landscape; in many dimensions, chosen quantities against one another. */
export const PathsView = ({ scene, ...plane }: Props) =>
  scene === null ? <Plane {...plane} /> : <LandscapeView scene={scene} {...plane} />

const step = 'step n'
const loss = 'loss L'

/** Paths in many dimensions: the loss at each step, or two chosen coordinates. */
function Plane({ paths, coordinates, animate, height = 420, children }: PlaneProps) {
  const [x, setX] = useState(step)
  const [y, setY] = useState(loss)
  const names = [step, loss, ...coordinates]
  const { scene, placed } = useMemo(() => planeOf(paths, coordinates, x, y), [paths, coordinates, x, y])
  const options = names.map((name) => [name, name] as const)
  return (
    <div>
      <div className="controls">
        <Select label="Across" value={x} options={options} choose={setX} />
        <Select label="Up" value={y} options={options} choose={setY} />
      </div>
      <LandscapeView scene={scene} paths={placed} animate={animate} height={height - 60}>
        {children}
      </LandscapeView>
    </div>
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
    return [...valueAxis('', values, { log: false }).domain!]
  })
  const scene = { title: '', coordinates: [x, y], view, columns: 0, rows: 0, losses: [], marks: [], sentences: [] }
  return { scene, placed }
}
