import { type CellsData, unitsOf } from '@driftfarm/report'
import { extentOf } from '@driftfarm/statistics'
import { counted, intervalText, numberText, valueText } from '../../parts/format.ts'
import type { ViewAxis } from './axes.ts'
import type { Mapped, Panel, Range, Rectangle } from './mapping.ts'
import type { MapView } from './mapView.ts'

export const stateWords = {
  waiting: 'waiting',
  running: 'running',
  open: 'not finished yet',
  met: 'finished',
  max: 'stopping rule not met',
  failed: 'failed',
} as const

/** What is known of the cell at a place of a panel, in lines. */
export function cellLines(cells: CellsData, map: Mapped, { grid, at: panel }: Panel, place: number, of: string) {
  const at = grid[place]!
  const columns = map.x.values.length
  const text = (axis: ViewAxis, position: number): string => {
    const value = axis.values[position]
    return `${axis.name} ${typeof value === 'number' ? valueText(value) : axis.labelOf(position)}`
  }
  const where = [
    text(map.x, place % columns),
    ...(map.y === null ? [] : [text(map.y, Math.floor(place / columns))]),
    ...(map.third === null ? [] : [text(map.third, panel)]),
  ].join(', ')
  if (at < 0) return [where, 'no cell']
  const doubt = cells.doubt[at] === null ? '' : `, ${cells.doubt[at]}`
  const shared = cells.shared[at] === 1 ? ', shared with another sweep' : ''
  return [
    `Cell ${cells.index[at]}, ${where}`,
    estimateText(cells, at, of),
    `${counted(cells.trials[at]!)} ${unitsAt(cells, at)}, ${stateWords[cells.state[at]!]}${doubt}${shared}`,
  ]
}

/** What the number of trials of a cell counts. */
function unitsAt({ sweep: { method }, params }: CellsData, at: number): string {
  const own = JSON.stringify(params.method?.[at] ?? '')
  return unitsOf(method === 'several' ? /splitting|tilt/.exec(own)?.[0] : method)
}

function estimateText(cells: CellsData, at: number, of: string): string {
  const estimate = cells.estimates[of]
  const value = estimate?.value[at] ?? null
  if (estimate === undefined || value === null) return 'no finite estimate yet'
  return `${of} ${numberText(value)} ${intervalText(estimate.low[at], estimate.high[at])}`
}

export const sentenceOf = ([where, ...known]: readonly string[]): string => `${where}: ${known.join(', ')}`

/** What a map or a curve shows. */
export const shownName = ({ show, label }: Pick<MapView, 'show' | 'label'>): string =>
  ({ value: label, width: `interval width of ${label}`, trials: 'trials', state: 'state of the cells' })[show]

export function rangeText(numbers: readonly number[]): string {
  const [least, most] = extentOf(numbers)
  return least === most ? counted(least) : `${counted(least)} to ${counted(most)}`
}

export const panelText = ({ third }: Mapped, { at }: Panel): string =>
  third === null ? '' : ` for ${third.name} ${third.labelOf(at)}`

/** For example `eta 0.1 to 0.2`. */
const partText = (axis: ViewAxis, [from, to]: Range): string =>
  `${axis.name} ${axis.labelOf(from)}${from === to ? '' : ` to ${axis.labelOf(to)}`}`

export const rectangleText = ({ x, y }: Mapped, rectangle: Rectangle): string =>
  [partText(x, rectangle.x), ...(y === null ? [] : [partText(y, rectangle.y)])].join(', ')
