import type { CellsData, StatusData } from '@driftfarm/report'
import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useSource } from '../../live/documentOrigin.tsx'
import { useAnswer } from '../../live/useAnswer.ts'
import { Button, Select } from '../../parts/controls.tsx'
import type { ViewAxis } from './axes.ts'
import { sweepOptions } from './Choices.tsx'
import { type Mapped, mapped } from './mapping.ts'

/** Another sweep whose curve is drawn over that of a sweep. */
export interface Overlaid {
  readonly id: string
  readonly name: string
  /** null while they are loading, or if they cannot be loaded. */
  readonly cells: CellsData | null
  readonly isLost: boolean
  /** null if the sweep cannot be drawn over the same axis. */
  readonly map: Mapped | null
}

/** More curves could not be told apart by their colours. */
const maxOverlays = 7

/** The sweeps with these ids, separated by commas. `path` is the axis over which they are drawn; null for none. */
export function useOverlays(text: string | undefined, path: string | null): readonly Overlaid[] {
  const source = useSource()
  const ids = [...new Set(text?.split(',') ?? [])].slice(0, maxOverlays)
  const answers = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['cells', { sweep: id }],
      queryFn: () => source.cells({ sweep: id }),
      staleTime: 15_000,
    })),
    // Queries keep what this returns while no answer changes.
    combine: (all) => all.map(({ data, error }, at) => ({ id: ids[at]!, cells: data ?? null, isLost: error !== null })),
  })
  return useMemo(
    () =>
      answers.map(({ id, cells, isLost }) => {
        const map = cells === null ? null : mapped(cells, {})
        const fits = map !== null && map.y === null && map.third === null && map.x.path === path
        return { id, name: cells?.sweep.name ?? id.slice(0, 12), cells, isLost, map: fits ? map : null }
      }),
    [answers, path],
  )
}

interface OverlaysProps {
  readonly sweep: StatusData
  readonly axis: ViewAxis
  readonly overlays: readonly Overlaid[]
  choose(ids: readonly string[]): void
}

/** The legend of a curve, and a list from which other sweeps are added to it. */
export function Overlays({ sweep, axis, overlays, choose }: OverlaysProps) {
  const { data } = useAnswer('sweeps', {})
  const ids = overlays.map(({ id }) => id)
  // Lists of earlier versions do not say the axes.
  const fits = (axes: readonly { readonly path: string }[] = [axis]) => axes.length === 1 && axes[0]!.path === axis.path
  const others = (data?.sweeps ?? []).filter(({ id, axes }) => id !== sweep.id && !ids.includes(id) && fits(axes))
  if (others.length === 0 && overlays.length === 0) return null
  const trouble = ({ cells, isLost, map }: Overlaid): string => {
    if (cells === null) return isLost ? ' (cannot be loaded; it may have been removed)' : ' (loading)'
    return map === null ? ` (cannot be drawn: its only axis is not ${axis.name})` : ''
  }
  return (
    <ul className="key" aria-label="Curves">
      {overlays.length > 0 && (
        <li>
          <span className="swatch curve-1" /> {sweep.name}
        </li>
      )}
      {overlays.map((each, at) => (
        <li key={each.id}>
          <span className={`swatch curve-${at + 2}`} /> {each.name}
          {trouble(each)}{' '}
          <Button label={`Hide ${each.name}`} small onClick={() => choose(ids.filter((id) => id !== each.id))} />
        </li>
      ))}
      {others.length > 0 && overlays.length < maxOverlays && (
        <li>
          <Select
            label="Draw over it"
            value=""
            options={[['', 'another sweep'], ...sweepOptions(others)]}
            choose={(id) => choose([...ids, id])}
          />
        </li>
      )}
    </ul>
  )
}
