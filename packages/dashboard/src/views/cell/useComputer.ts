import type { WholeCellData } from '@driftfarm/report'
import { useEffect, useMemo } from 'react'
import { useDesk } from '../../live/desk.tsx'
import { createComputer } from '../../live/computer.ts'
import type { Computer } from '../../live/computer.ts'

/** What computes trials of a cell in this browser, in a thread of its own. */
export function useComputer({ cell }: WholeCellData): Computer {
  const desk = useDesk()
  const computer = useMemo(() => createComputer(() => desk.kernel(cell.id)), [desk, cell.id])
  useEffect(() => () => computer.close(), [computer])
  return computer
}
