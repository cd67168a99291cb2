import type { WholeCellData } from '@driftfarm/report'
import { useEffect, useMemo } from 'react'
import type { Computer } from '../../live/computer.ts'
import { createComputer } from '../../live/computer.ts'
import { useSource } from '../../live/documentOrigin.tsx'

export function useComputer({ cell }: WholeCellData): Computer {
  const source = useSource()
  const computer = useMemo(() => createComputer(() => source.kernel(cell.id)), [source, cell.id])
  useEffect(() => () => computer.close(), [computer])
  return computer
}
