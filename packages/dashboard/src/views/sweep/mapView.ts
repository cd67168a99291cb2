import { type CellsData, quantityOf } from '@driftfarm/report'
import { isNumeric } from './axes.ts'
import { domainOf, type Mapped, numberOf, type Shown } from './mapping.ts'
import type { MapContents } from './paintMap.ts'
import type { SweepSearch } from './search.ts'

/** What a curve or a map shows. */
export interface MapView extends Omit<MapContents, 'cells'> {
  /** The name of the estimate, such as `P(escape)`. */
  readonly label: string
  /** Whether the estimate is a probability. */
  readonly isShare: boolean
  readonly isCurve: boolean
  /** Whether rows and columns are numbers, so that there can be a contour. */
  readonly isGrid: boolean
  /** The value of the contour; null for none. */
  readonly level: number | null
}

/** The value of the contour of a map: by default 0.5 for a probability, else none. */
export const levelOf = ({ contour = '0.5' }: SweepSearch, of: string): number | null =>
  quantityOf(of).isShare && contour !== 'none' ? Number(contour) || null : null

/** The choices of the address, and for others the ones that suit the cells. */
export function mapView(cells: CellsData, map: Mapped, search: SweepSearch): MapView {
  const names = Object.keys(cells.estimates)
  const of = search.of !== undefined && names.includes(search.of) ? search.of : (names[0] ?? 'escape')
  const hasValues = cells.estimates[of]?.value.some((value) => value !== null) ?? false
  const show: Shown = search.show ?? (hasValues ? 'value' : 'state')
  const isCurve = map.y === null && show === 'value'
  const isLog = search.log?.includes(isCurve ? 'y' : 'z') ?? false
  const { label, isShare } = quantityOf(of)
  // Between words there is nothing that a line could cross.
  const isGrid = map.y !== null && isNumeric(map.x) && isNumeric(map.y)
  const level = isGrid && show === 'value' ? levelOf(search, of) : null
  const numbers = show === 'state' ? [] : cells.index.map((_, at) => numberOf(cells, at, show, of))
  // The same colours mean the same probabilities in all sweeps.
  const isWhole = show === 'value' && isShare && !isLog && search.span === undefined
  const domain = isWhole && numbers.some((number) => number !== null) ? ([0, 1] as const) : domainOf(numbers, isLog)
  return { of, label, isShare, show, isCurve, isLog, isGrid, level, domain }
}
