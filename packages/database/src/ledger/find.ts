import { nearestWord } from '@driftfarm/formula'
import type { Database } from '../database.ts'
import type { Columns, SweepModel } from '../rows.ts'
import { LedgerError } from './errors.ts'
import { newest } from './newest.ts'

export type FoundSweep = Columns<SweepModel, 'id' | 'name'>

const maxListed = 5

/**
 * Finds a sweep by its name, its id, or a prefix of either that matches only one sweep. Throws SWEEP_NOT_FOUND or
 * SWEEP_AMBIGUOUS. The SQL is hand-written: every command starts with this query, and loading Prisma's client would
 * take half as long as a whole command.
 */
export async function findSweep(database: Database, text: string): Promise<FoundSweep> {
  const { rows } = await database.pool.query<FoundSweep & { rank: number }>(
    `select id, name, rank from farm.sweeps_meant($1) limit ${maxListed + 1}`,
    [text],
  )
  const [first, ...others] = text === '' ? [] : rows
  if (first === undefined) throw new LedgerError('SWEEP_NOT_FOUND', `no sweep ${text}`, await nearest(database, text))
  if (first.rank === 2 && others.length > 0) {
    const listed = rows.slice(0, maxListed).map(({ id, name }) => `${name} (${id.slice(0, 12)})`)
    throw new LedgerError(
      'SWEEP_AMBIGUOUS',
      `${text} is ambiguous: it may mean ${listed.join(', ')}${rows.length > maxListed ? ', ...' : ''}`,
    )
  }
  return { id: first.id, name: first.name }
}

async function nearest({ pool }: Database, text: string): Promise<string | undefined> {
  const { rows } = await pool.query<Columns<SweepModel, 'name'>>(
    `select s.name from farm.sweep s where ${newest('s')} order by s.submitted_at desc limit 200`,
  )
  const names = rows.map(({ name }) => name)
  const found = nearestWord(text, names)
  return found === undefined ? undefined : `Did you mean ${found}?`
}
