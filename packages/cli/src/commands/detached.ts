import { sweepStatus } from '@driftfarm/database'
import { farmWords } from '../farmWords.ts'
import type { Session } from '../session.ts'

/** Whether the farm goes on is looked up: it may lack what it needs. */
export async function detachedText(session: Session, { id, name }: { id: string; name: string }): Promise<string> {
  const { farm } = await sweepStatus(session.database, id)
  const lack = farm === null ? '' : farmWords(farm, session.reader)
  return lack === ''
    ? `detached: the farm goes on with ${name}; driftfarm watch ${name} follows it`
    : `detached: ${name} is stored, and waits: ${lack}`
}
