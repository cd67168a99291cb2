import { listSweeps, namesakes } from '@driftfarm/database'
import { groupedBy } from '@driftfarm/formula'
import { namesakeSettings } from '@driftfarm/report'
import type { Answering } from '../answering.ts'

export const sweeps: Answering<'sweeps'> = async ({ database }) => {
  const shared = await namesakes(database)
  const byName = [...groupedBy(shared, ({ name }) => name).values()]
  const differs = new Map(byName.flatMap((alike) => [...namesakeSettings(alike)]))
  const lines = await listSweeps(database)
  return { sweeps: lines.map((line) => ({ ...line, differs: differs.get(line.id) ?? [] })) }
}
