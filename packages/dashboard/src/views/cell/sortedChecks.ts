import type { WholeCellData } from '@driftfarm/report'

const order = { wrong: 0, doubtful: 1, note: 2, good: 3 } as const

/** Worst first. */
export const sortedChecks = (checks: WholeCellData['cell']['checks']) =>
  checks.toSorted((a, b) => order[a.verdict] - order[b.verdict])
