import { type Database, listSweeps, namesakes } from '@driftfarm/database'
import { groupedBy } from '@driftfarm/formula'
import { fixedSettings, lawPath, type NamesakeParts, namesakeSettings } from '@driftfarm/report'
import type { Answering } from '../answering.ts'

/** The settings of a sweep never change, so they are compared again only when the list of sweeps changes. */
const compared = new WeakMap<
  Database,
  Record<'differs' | 'settings', ReturnType<typeof settingsIn>> & { list: string }
>()

export const sweeps: Answering<'sweeps'> = async ({ database }) => {
  const lines = await listSweeps(database)
  const list = lines.map(({ id, cells }) => `${id} ${cells}`).join()
  if (compared.get(database)?.list !== list) {
    const places = new Map(lines.map(({ id, landscape }) => [id, landscape]))
    const differs = settingsIn(await namesakes(database), ({ name }) => name)
    const settings = settingsIn(await namesakes(database, null, 'landscape'), ({ id }) => places.get(id), lawPath)
    compared.set(database, { list, differs, settings })
  }
  const { differs, settings } = compared.get(database)!
  const settingsOf = (id: string) => ({
    differs: differs.get(id) ?? [],
    settings: fixedSettings(settings.get(id) ?? []),
  })
  return { sweeps: lines.map((line) => ({ ...line, ...settingsOf(line.id) })) }
}

const settingsIn = (sweeps: NamesakeParts[], groupOf: (of: NamesakeParts) => string | undefined, always?: RegExp) =>
  new Map([...groupedBy(sweeps, groupOf).values()].flatMap((alike) => [...namesakeSettings(alike, always)]))
