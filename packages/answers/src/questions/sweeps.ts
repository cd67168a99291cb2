import { listSweeps, namesakes } from '@driftfarm/database'
import { namesakeSettings } from '@driftfarm/report'
import type { Answering } from '../answering.ts'

export const sweeps: Answering<'sweeps'> = async ({ database }) => {
  const shared = await namesakes(database)
  const names = new Set(shared.map(({ name }) => name))
  const differs = new Map(
    [...names].flatMap((name) => [...namesakeSettings(shared.filter((sweep) => sweep.name === name))]),
  )
  const lines = await listSweeps(database)
  return { sweeps: lines.map((line) => ({ ...line, differs: differs.get(line.id) ?? [] })) }
}
