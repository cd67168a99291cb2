import type { CellsData } from '@driftfarm/report'
import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useSource } from '../../live/documentOrigin.tsx'
import { type Mapped, mapped } from './mapping.ts'

/** Another sweep whose curve is drawn over that of a sweep. */
export interface Overlaid {
  readonly id: string
  readonly name: string
  /** null while they are loading. */
  readonly cells: CellsData | null
  /** null if the sweep cannot be drawn over the same axis. */
  readonly map: Mapped | null
}

/** More curves could not be told apart by their colours. */
export const maxOverlays = 7

/** The sweeps that the address names, by their ids, separated by commas. */
export const overlayIds = (text: string | undefined): readonly string[] =>
  [...new Set((text ?? '').split(',').filter((id) => id !== ''))].slice(0, maxOverlays)

/** The cells of other sweeps. `path` is the only swept path of the sweep over which they are drawn. */
export function useOverlays(ids: readonly string[], path: string | null): readonly Overlaid[] {
  const source = useSource()
  const answers = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['cells', { sweep: id }],
      queryFn: () => source.cells({ sweep: id }),
      staleTime: 15_000,
    })),
    combine: (all) => all.map(({ data }) => data ?? null),
  })
  return useMemo(
    () =>
      ids.map((id, at) => {
        const cells = answers[at] ?? null
        const map = cells === null ? null : mapped(cells, {})
        const fits = map !== null && map.y === null && map.x.path === path
        return { id, name: cells?.sweep.name ?? id.slice(0, 12), cells, map: fits ? map : null }
      }),
    [ids, answers, path],
  )
}
