import { type Database, listSweeps, namesakes } from '@driftfarm/database'
import { namesakeSettings, type SweepListData, sweepListData } from '@driftfarm/report'

export async function sweepsOf(database: Database): Promise<SweepListData> {
  const shared = await namesakes(database)
  const names = new Set(shared.map(({ name }) => name))
  const differs = new Map(
    [...names].flatMap((name) => [...namesakeSettings(shared.filter((sweep) => sweep.name === name))]),
  )
  const lines = await listSweeps(database)
  return sweepListData(lines.map((line) => ({ ...line, differs: differs.get(line.id) ?? [] })))
}
