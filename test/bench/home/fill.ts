import type { Database } from '@driftfarm/database'

/** A finished sweep of one cell, whose rows are the pattern of all others. */
export interface Pattern {
  readonly sweep: string
  readonly cell: string
}

/** Rows inserted by one statement. */
const slice = 50_000

/** Of so many finished cells one is also asked for by a finished sweep of its own, which had a worker of its own. */
const cellsOfSmallSweep = 100

/** Gives the database one finished sweep of many cells, without any yet. */
export async function beginFilling({ pool }: Database, { sweep }: Pattern): Promise<void> {
  // Nothing but what this benchmark does may change what the planner knows.
  await pool.query('alter system set autovacuum = off')
  await pool.query('select pg_reload_conf()')
  // A page holds some six demands, be they inserted whole or made longer where they are when their cell has ended.
  await pool.query('alter table farm.request set (fillfactor = 100)')
  await pool.query(
    `insert into farm.sweep select r.* from farm.sweep s
      cross join lateral jsonb_populate_record(s, '{"id": "large", "name": "large"}') r where s.id = $1`,
    [sweep],
  )
}

/** Adds the finished cells `from` .. `to` - 1 to it, and to each hundredth a finished sweep that asks for it alone. */
export async function addFinished({ pool }: Database, pattern: Pattern, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += slice) {
    const range = [at, Math.min(to, at + slice) - 1]
    const copies = (table: string, own: string, id: string, change: string, every = 1): Promise<unknown> =>
      pool.query(
        `insert into farm.${table}
         select r.* from farm.${table} p
          cross join generate_series($1::int, $2::int) i
          cross join lateral jsonb_populate_record(p, jsonb_build_object(${change})) r
          where p.${own} = $3 and i % ${every} = 0`,
        [...range, id],
      )
    const { sweep, cell } = pattern
    const name = `md5('cell ' || i)`
    await copies('cell', 'id', cell, `'id', ${name}`)
    for (const table of ['batch', 'premises', 'outcome']) await copies(table, 'cell_id', cell, `'cell_id', ${name}`)
    await copies('request', 'sweep_id', sweep, `'sweep_id', 'large', 'index', i, 'cell_id', ${name}`)
    const small = `md5('sweep ' || i)`
    const every = cellsOfSmallSweep
    await copies('sweep', 'id', sweep, `'id', ${small}, 'name', ${small}`, every)
    await copies('request', 'sweep_id', sweep, `'sweep_id', ${small}, 'index', 0, 'cell_id', ${name}`, every)
    await pool.query(
      `insert into farm.worker (id, kind, host, pid, threads, kernel, state, seen_at, batches)
       select 'gone ' || i, 'run', 'here', 1, 1, 1, 'gone', now() - interval '1 day', 1
         from generate_series($1::int, $2::int) i where i % ${cellsOfSmallSweep} = 0`,
      range,
    )
  }
  await pool.query(
    `update farm.sweep s
        set cells = n, done = n, open = 0, failed = 0, trials = p.trials * n, batches = p.batches * n,
            events = p.events * n, steps = p.steps * n, cpu_seconds = p.cpu_seconds * n, max_trials = p.max_trials * n
       from farm.sweep p, cast($2 as integer) n where s.id = 'large' and p.id = $1`,
    [pattern.sweep, to],
  )
}

/** The demands' pages are filled as the farm fills them from now on. */
export async function endFilling({ pool }: Database): Promise<void> {
  await pool.query('alter table farm.request set (fillfactor = 12)')
}
