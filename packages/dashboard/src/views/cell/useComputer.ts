import type { WholeCellData } from '@driftfarm/report'
import { useEffect, useMemo } from 'react'
import { useSource } from '../../live/place.tsx'
import { createComputer } from '../../live/computer.ts'
import type { Computer } from '../../live/computer.ts'

/** What computes trials of a cell in this browser, in a thread of its own. */
export function useComputer({ cell }: WholeCellData): Computer {
  const source = useSource()
  const computer = useMemo(() => createComputer(() => source.kernel(cell.id)), [source, cell.id])
  useEffect(() => () => computer.close(), [computer])
  return computer
}
