import { nearestWord } from '@driftfarm/formula'
import type { Answer, SweepListData } from '@driftfarm/report'
import type { Demand } from '@driftfarm/spec'
import type { Database } from '../connection/database.ts'
import { displayedState, iso, newest } from '../ledger/conditions.ts'
import { type Measured, withPrecision } from '../ledger/counters.ts'
import { LedgerError } from '../ledger/errors.ts'
import { type Columns, columns } from '../ledger/rows.ts'

export type FoundSweep = Columns<'Sweep', 'id' | 'name'>

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
  const { rows } = await pool.query<Columns<'Sweep', 'name'>>(
    `select s.name from farm.sweep s where ${newest('s')} order by s.submitted_at desc limit 200`,
  )
  const names = rows.map(({ name }) => name)
  const found = nearestWord(text, names)
  return found === undefined ? undefined : `Did you mean ${found}?`
}

/** All sweeps, newest first, without the settings in which sweeps of the same name differ. */
export async function listSweeps({ pool }: Database): Promise<Omit<SweepListData['sweeps'][number], 'differs'>[]> {
  const { rows } = await pool.query<
    Omit<SweepListData['sweeps'][number], 'differs' | 'worst' | 'precision'> & Measured & { about: object }
  >(
    `select ${columns<'Sweep'>('s', 'id', 'name')}, ${displayedState('s')} as state,
            ${columns<'Sweep'>('s', 'cells', 'measured', 'precise', 'widest', 'worst', 'demand')},
            coalesce(s.own_tags, s.tags) as tags, s.trials::text as "trialsDone", s.ranges as axes,
            json_strip_nulls(json_build_object(
              'title', s.title, 'notes', s.notes, 'landscape', s.landscape, 'submittedBy', s.owner,
              'finishedAt', ${iso('s.finished_at')}, 'cpuSeconds', s.cpu_seconds, 'failed', s.failed)) as about,
            s.demand ->> 'trials' is null as "stopsByRule",
            case when s.demand ->> 'trials' is null and s.state = 'complete' then s.trials
                 else s.max_trials end::text as "trialsRequested",
            ${iso('s.submitted_at')} as "submittedAt", ${newest('s')} as newest
       from farm.sweep s
      order by s.submitted_at desc, s.id`,
  )
  return rows.map(({ about, axes, ...row }) => ({ ...withPrecision(row), ...about, ...(axes && { axes }) }))
}

/** Maximum number of newest sweeps that are returned for each value. Comparing more sweeps is not worth the cost. */
const maxShared = { name: 5, landscape: 100 }

/**
 * Sweeps that share their name with another sweep. If `by` is `landscape`, unique sweeps are returned too, because the
 * list shows the law of their noise. For each name or landscape, only the newest few are returned, starting with the
 * sweep to which the name refers. If `of` is the id of a sweep, only sweeps with the name of this sweep are returned,
 * including the sweep itself, however old it is.
 */
export async function namesakes({ pool }: Database, of: string | null = null, by: keyof typeof maxShared = 'name') {
  const { rows } = await pool.query<Answer<'namesakes'>[number]>(
    `with named as (
       select s.id, s.name, s.cells, s.axes, ${newest('s')} as newest,
              count(*) over (partition by s.${by})::int as sharing,
              row_number() over (partition by s.${by} order by s.submitted_at desc, s.id) as place
         from farm.sweep s
        where $1::text is null or s.name = (select name from farm.sweep where id = $1)
     )
     select s.id, s.name, s.newest, s.cells, s.axes, d.params, c.canonical, s.sharing
       from named s join farm.request d on d.sweep_id = s.id and d.index = 0 join farm.cell c on c.id = d.cell_id
      where s.sharing > ${by === 'name' ? 1 : 0} and (s.place <= ${maxShared[by]} or s.id = $1)
      order by s.name, s.place`,
    [of],
  )
  return rows
}

/** The submission of a sweep: spec text, request, kernel version and time. Throws SWEEP_NOT_FOUND. */
export async function submissionOf(database: Database, sweepId: string) {
  const prisma = await database.prisma()
  const found = await prisma.sweep.findUnique({
    where: { id: sweepId },
    select: { spec: true, kernel: true, submittedAt: true, demand: true },
  })
  if (found === null) throw new LedgerError('SWEEP_NOT_FOUND', `no sweep ${sweepId}`)
  return { ...found, demand: found.demand as unknown as Demand }
}
