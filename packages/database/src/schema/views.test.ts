import { type FreshDatabase, freshDatabase } from '@driftfarm/testing/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withClient } from '../connection/connect.ts'
import { copyOutcomes } from '../connection/copy.ts'
import { type Database, openDatabase } from '../connection/database.ts'
import { encodeOutcomeRow } from '../outcome/encode.ts'

let fresh: FreshDatabase
let database: Database
const cell = 'c'.repeat(32)

beforeAll(async () => {
  fresh = await freshDatabase()
  database = await openDatabase({ url: fresh.url })
  await fill()
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

const tally = {
  trials: 4,
  ends: [2, 1, 0, 1],
  escaped: 2,
  exits: [2, 0],
  settled: [0, 1, 0],
  classes: [1, 3],
  marks: [2],
  steps: '9007199254740993',
}
const estimates = {
  escape: { value: 0.5, low: 0.0676, high: 0.9324, confidence: 0.95, method: 'clopper-pearson', events: 2 },
  'exit:up': { value: 0.5, low: 0.0676, high: 0.9324, confidence: 0.95, method: 'clopper-pearson', events: 2 },
}
/** The estimates of the view's columns; only escape has values. */
const numbers = [0.5, 0.0676, 0.9324, ...Array<null>(12).fill(null)]

async function fill(): Promise<void> {
  const { pool } = database
  await pool.query(
    `insert into farm.sweep (id, name, seed, state, runner, spec, plan, demand, axes, cells, max_trials, trials,
                             cpu_seconds, submitted_at)
     values ('s1', 'map', '18446744073709551615', 'running', null, 'version: 1', '', '{"trials": 6}', '["let.T"]', 1, 6,
             4, 0.25, '2026-11-24T01:00Z'),
            ('s0', 'map', '1', 'running', 'nobody', 'version: 1', '', '{"trials": 6}', '[]', 1, 6, 0, 0,
             '2026-11-24T00:00Z')`,
  )
  await pool.query(
    `insert into farm.cell (id, canonical, kernel, exits, minima, classes, marks, horizon)
     values ($1, '{"seed": "7"}', 1, '{up,down}', '{left,right}', '{good}', '{m1}', 100), ($2, '{}', 1, '{""}', '{}',
     '{}', '{}', 100)`,
    [cell, 'd'.repeat(32)],
  )
  await pool.query(
    `insert into farm.request (sweep_id, index, cell_id, params, target, trials, tally, digest, cpu_seconds, estimates,
                               numbers)
     values ('s1', 0, $1, '{"let.T": 0.1}', 6, 4, $2, 'mset128:00', 0.25, $3, $5), ('s0', 0, $4, '{}', 6, 0, null,
     null, 0, null, null)`,
    [cell, JSON.stringify(tally), JSON.stringify(estimates), 'd'.repeat(32), numbers],
  )
  await pool.query(
    `insert into farm.batch (cell_id, first, count, record, generation, attempts, failures, vanished, cpu_seconds,
                             digest, tally)
     select $1, first, count, record, 1, 1, 0, 0, 0.1, '', '{}'
       from (values (0, 2, '{"kind": "all"}'::json), (2, 4, '{"kind": "events"}')) u (first, count, record)`,
    [cell],
  )
  await pool.query(
    `with bundle as (
       insert into farm.bundle (sweep_id, kernel, trials, worker_id) values ('s1', 1, 1, 'w') returning id)
     insert into farm.pending (cell_id, first, count, bundle) select $1, 6, 1, id from bundle`,
    [cell],
  )
  const rows = [
    [
      { end: 0, exit: 1, settled: 0, class: 1, escapedAt: 12, steps: 12, loss: Number.NaN, mark: 7 },
      { end: 3, class: 65535, steps: 100 },
    ],
    [
      { end: 3, class: 65535, steps: 100 },
      { end: 1, settled: 2, class: 65535, convergedAt: 60, steps: 60, loss: 1e-300 },
      { end: 0, exit: 2, escapedAt: 2 ** 40, class: 65535, steps: 2 ** 40, loss: Number.POSITIVE_INFINITY },
      { end: 1, settled: 65535, class: 65535, convergedAt: 61, steps: 61 },
    ],
  ].map((outcomes) => recordsOf(outcomes))
  const layout = { bytes: 56, marks: ['m1'] }
  await database.transaction((client) =>
    copyOutcomes(client, [
      encodeOutcomeRow(cell, 0, rows[0]!, layout, { kind: 'all' })!,
      encodeOutcomeRow(cell, 2, rows[1]!, layout, { kind: 'events' })!,
      encodeOutcomeRow(cell, 6, recordsOf([{ end: 0, steps: 1 }]), layout, { kind: 'all' })!,
    ]),
  )
}

interface Some {
  end: number
  exit?: number
  settled?: number
  class?: number
  escapedAt?: number
  convergedAt?: number
  steps: number
  loss?: number
  mark?: number
}

function recordsOf(outcomes: readonly Some[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(outcomes.length * 56))
  outcomes.forEach((outcome, i) => {
    const at = i * 56
    view.setUint8(at, outcome.end)
    view.setUint8(at + 1, outcome.exit ?? 0)
    view.setUint16(at + 2, outcome.settled ?? 0, true)
    view.setUint16(at + 4, outcome.class ?? 0, true)
    view.setBigInt64(at + 8, BigInt(outcome.escapedAt ?? 0), true)
    view.setBigInt64(at + 16, BigInt(outcome.convergedAt ?? 0), true)
    view.setBigInt64(at + 24, BigInt(outcome.steps), true)
    view.setFloat64(at + 32, outcome.loss ?? 0, true)
    view.setFloat64(at + 40, i + 0.5, true)
    view.setBigInt64(at + 48, BigInt(outcome.mark ?? 0), true)
  })
  return new Uint8Array(view.buffer)
}

async function select(sql: string): Promise<Record<string, unknown>[]> {
  return (await database.pool.query<Record<string, unknown>>(sql)).rows
}

describe('trial', () => {
  it('has one row per recorded outcome of a finished batch, with names', async () => {
    const none = {
      exit: null,
      settled: null,
      class: 'other',
      escaped_at: null,
      converged_at: null,
      loss: 0,
      marks: { m1: null },
      unreached: false,
    }
    const rows = await select('select * from trial order by trial')
    // The old name stays one version.
    for (const row of rows) expect(row.end).toBe(row.ended)
    expect(rows.map(({ end: _, ...row }) => row)).toEqual([
      {
        ...none,
        cell,
        trial: 0,
        ended: 'escaped',
        exit: 'up',
        class: 'good',
        escaped_at: 12,
        steps: 12,
        loss: Number.NaN,
        distance: 0.5,
        marks: { m1: 7 },
      },
      { ...none, cell, trial: 1, ended: 'undecided', steps: 100, distance: 1.5 },
      {
        ...none,
        cell,
        trial: 3,
        ended: 'converged',
        settled: 'right',
        converged_at: 60,
        steps: 60,
        loss: 1e-300,
        distance: 1.5,
      },
      {
        ...none,
        cell,
        trial: 4,
        ended: 'escaped',
        exit: 'down',
        escaped_at: 2 ** 40,
        steps: 2 ** 40,
        loss: Number.POSITIVE_INFINITY,
        distance: 2.5,
      },
      { ...none, cell, trial: 5, ended: 'converged', settled: 'other', converged_at: 61, steps: 61, distance: 3.5 },
    ])
  })

  it('reads only the outcomes of the requested cell, and only the needed arrays', async () => {
    await database.pool.query('set enable_seqscan = off')
    const plan = async (sql: string) =>
      (await select(`explain (verbose, costs off) ${sql}`)).map((row) => row['QUERY PLAN']).join('\n')
    const byCell = await plan(`select escaped_at from trial where cell = '${cell}'`)
    expect(byCell).toMatch(/Index Cond: \(o\.cell_id = 'c+'::text\)/)
    expect(byCell).toContain("(o.escaped_at || '{}'::bigint[])")
    expect(byCell).not.toMatch(/\(o\.(loss|distance|steps|marks) \|\|/)
    const joined = await plan(
      `select c.params, t.steps from cell c join trial t on t.cell = c.id where c.sweep_name = 'map' and c.index = 0`,
    )
    expect(joined).toMatch(/Index Cond: \(\(?o\.cell_id = \w+\.(cell_id|id)\)/)
  })
})

describe('cell', () => {
  it('has counts by name and every estimate', async () => {
    const [row] = await select(`select * from cell where sweep = 's1'`)
    expect(row).toMatchObject({
      sweep: 's1',
      sweep_name: 'map',
      index: 0,
      id: cell,
      params: { 'let.T': 0.1 },
      state: 'open',
      trials: 4,
      escaped: 2,
      end_escaped: 2,
      end_converged: 1,
      end_diverged: 0,
      end_undecided: 1,
      exits: { up: 2, down: 0 },
      settled: { left: 0, right: 1, other: 0 },
      classes: { good: 1, other: 3 },
      marks: { m1: 2 },
      escape: 0.5,
      escape_low: 0.0676,
      escape_high: 0.9324,
      converge: null,
      estimates,
      steps: '9007199254740993',
      cpu_seconds: 0.25,
      digest: 'mset128:00',
      stopped: null,
      definition: { seed: '7' },
    })
  })

  it('has empty objects if there are no names, and nulls before the first trial', async () => {
    const [row] = await select(`select * from cell where sweep = 's0'`)
    expect(row).toMatchObject({
      trials: 0,
      escaped: null,
      exits: {},
      settled: {},
      classes: {},
      marks: {},
      escape: null,
      estimates: null,
    })
  })
})

it('shows a sweep whose process is gone as interrupted, and which one a name means', async () => {
  expect(await select('select id, newest, state, seed, trials, cpu_seconds from sweep order by id')).toEqual([
    { id: 's0', newest: false, state: 'interrupted', seed: '1', trials: 0, cpu_seconds: 0 },
    { id: 's1', newest: true, state: 'running', seed: '18446744073709551615', trials: 4, cpu_seconds: 0.25 },
  ])
})

it('excludes cells of another sweep of the same name if they are selected by the name', async () => {
  expect(await select(`select sweep from cell where sweep_name = 'map' order by sweep`)).toHaveLength(2)
  expect(await select(`select sweep from cell where sweep_name = 'map' and newest`)).toEqual([{ sweep: 's1' }])
  await database.pool.query(`update farm.sweep set submitted_at = '2026-11-24T02:00Z' where id = 's0'`)
  expect(await select(`select sweep from cell where sweep_name = 'map' and newest`)).toEqual([{ sweep: 's0' }])
  await database.pool.query(`update farm.sweep set submitted_at = '2026-11-24T00:00Z' where id = 's0'`)
})

it('refuses ranges of one cell that overlap', async () => {
  const insert = (first: number, count: number) =>
    database.pool.query(
      `insert into farm.batch (cell_id, first, count, record, generation, attempts, failures, vanished, cpu_seconds,
                               digest, tally) values ($1, $2, $3, '{}', 1, 1, 0, 0, 0.1, '', '{}')`,
      [cell, first, count],
    )
  await expect(insert(5, 1)).rejects.toMatchObject({ code: '23P01', constraint: 'batch_ranges_apart' })
  await expect(insert(0, 1)).rejects.toMatchObject({ code: '23505', constraint: 'batch_pkey' })
  await expect(insert(7, 10 ** 15)).resolves.toBeDefined()
  const handOut = (first: number, count: number) =>
    database.pool.query('insert into farm.pending (cell_id, first, count) values ($1, $2, $3)', [cell, first, count])
  await expect(handOut(5, 2)).rejects.toMatchObject({ code: '23P01', constraint: 'pending_ranges_apart' })
})

it('reads no batch through the index of that constraint, which misses rows under load', async () => {
  await database.transaction(async (client) => {
    const plan = async (condition: string) => {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `explain select d.index, b.digest from farm.request d left join farm.batch b on ${condition}`,
      )
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    }
    // Whatever else could serve is gone or costs the earth.
    await client.query('savepoint whole')
    await client.query('alter table farm.batch drop constraint batch_pkey; set local enable_seqscan = off')
    await client.query('set local enable_hashjoin = off; set local enable_mergejoin = off')
    expect(await plan('b.cell_id = d.cell_id and b.first = d.trials')).not.toContain('batch_ranges_apart')
    expect(await plan("(b.cell_id || '') = d.cell_id and b.first > 0")).toContain('batch_ranges_apart')
    await client.query('rollback to whole')
  })
})

it('has no column with a reserved name, except for the deprecated one', async () => {
  expect(
    await select(
      `select c.relname as view, a.attname as column from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 join pg_get_keywords() k on k.word = a.attname
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
          and (k.catcode in ('R', 'T') or not k.barelabel)`,
    ),
  ).toEqual([{ view: 'trial', column: 'end' }])
})

it('comments on every view and every column', async () => {
  expect(
    await select(
      `select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
         and (col_description(c.oid, a.attnum) is null or obj_description(c.oid, 'pg_class') is null)`,
    ),
  ).toEqual([])
})

interface Step {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Output?: readonly string[]
  readonly 'Rows Removed by Join Filter'?: number
  readonly Plans?: readonly Step[]
}
const stepsIn = (step: Step): Step[] => [step, ...(step.Plans ?? []).flatMap(stepsIn)]
/** Rows that a step of a plan had in its hands, of all its loops. */
const handled = (step: Step): number =>
  step['Actual Loops'] *
  (step['Actual Rows'] + (step['Rows Removed by Filter'] ?? 0) + (step['Rows Removed by Join Filter'] ?? 0))

describe('rows are read in linear time: above the trials of a batch no step has an array', () => {
  /** The steps that read trials, and the steps above them, with what each hands on. */
  const above = (step: Step): { readonly trials: Step[]; readonly above: Step[] } => {
    const below = (step.Plans ?? []).map(above)
    const trials = below.flatMap((each) => each.trials)
    const steps = below.flatMap((each) => each.above)
    if (trials.length > 0) return { trials, above: [...steps, step] }
    const isTrials = (step.Plans ?? []).some((each) => each['Node Type'] === 'ProjectSet')
    return { trials: isTrials ? [step] : [], above: [] }
  }
  const carried = async (sql: string) => {
    const [row] = await select(`explain (verbose, costs off, format json) ${sql}`)
    const { trials, above: steps } = above((row!['QUERY PLAN'] as [{ Plan: Step }])[0].Plan)
    expect(trials.length).toBeGreaterThan(0)
    return steps.flatMap(({ Output = [] }) => Output).filter((text) => /\|\|/.test(text))
  }

  it.each([
    `select cell, percentile_cont(0.5) within group (order by escaped_at) from trial group by cell`,
    `select c.params ->> 'let.T', percentile_cont(0.5) within group (order by t.escaped_at), max(t.loss)
       from cell c join trial t on t.cell = c.id and t.trial < c.trials where c.newest group by 1`,
    `select ended, count(*), avg(distance) from trial group by ended order by 2`,
    `select * from trial order by loss desc limit 3`,
    `select cell, trial, rank() over (partition by cell order by escaped_at), sum(steps) over (order by loss)
       from trial`,
    `select a.trial from trial a join trial b using (cell, trial) where a.escaped_at < b.converged_at`,
    `select distinct settled, class, marks from trial`,
    `select cell, percentile_cont(0.5) within group (order by estimate) from replica group by cell`,
    `select * from weighted order by value`,
  ])('%s', async (sql) => {
    for (const way of ['on', 'off']) {
      await database.pool.query(`set enable_hashagg = ${way}; set enable_hashjoin = ${way}; set enable_sort = on`)
      expect(await carried(sql)).toEqual([])
    }
    await database.pool.query('reset enable_hashagg; reset enable_hashjoin')
  })

  it('selects the requested cells before it unnests batches, as the read-only login', async () => {
    await database.pool.query(`
      insert into farm.cell (id, canonical, kernel, exits, minima, classes, marks, horizon)
        select 'many' || i, '{}', 1, '{}', '{}', '{}', '{}', 100 from generate_series(1, 300) i;
      insert into farm.batch (cell_id, first, count, record, generation, attempts, failures, vanished, cpu_seconds,
          digest, tally)
        select 'many' || i, 0, 1, '{}', 1, 1, 0, 0, 0, '', '{}' from generate_series(1, 300) i;
      insert into farm.outcome select r.* from farm.outcome o, generate_series(1, 300) i
        cross join lateral jsonb_populate_record(o, jsonb_build_object('cell_id', 'many' || i)) r where o.first = 6;
      update farm.outcome set first = 0 where cell_id like 'many%';
      analyze farm.cell; analyze farm.batch; analyze farm.outcome; analyze farm.request; analyze farm.sweep`)
    const unfolded = (sql: string) =>
      withClient(fresh.readerUrl, async (client) => {
        const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Step }] }>(
          `explain (analyze, timing off, format json) ${sql}`,
        )
        return stepsIn(rows[0]!['QUERY PLAN'][0].Plan)
          .filter((step) => step['Node Type'] === 'ProjectSet')
          .map((step) => step['Actual Loops'])
      })
    const joined = `from cell c join trial t on t.cell = c.id and t.trial < c.trials
      join sweep s on s.id = c.sweep where s.name = 'map' and s.newest`
    expect(await unfolded(`select c.index, t.ended, count(*) ${joined} group by 1, 2`)).toEqual([2])
    expect(await unfolded('select count(steps) from trial')).toEqual([302])
    expect(
      await unfolded(`select cell, max(steps) from trial where cell in (select id from cell where sweep_name = 'map')
        group by 1`),
    ).toEqual([2])
  })

  it('and the same without the fence has one (the negative control)', async () => {
    const [row] = await select(`select pg_get_viewdef('farm.record') as text`)
    const open = String(row!.text).replace(/\s+OFFSET 0/, '')
    expect(open).not.toBe(row!.text)
    await database.pool.query(`create view record_unfenced as ${open}`)
    expect(await carried('select * from record_unfenced order by loss')).not.toEqual([])
    await database.pool.query('drop view record_unfenced')
  })
})

it('answers over tallies with 10,000 cells from a few rows each, and from no trial', async () => {
  await database.pool.query(`
    insert into farm.sweep (id, name, seed, state, spec, plan, demand, axes, cells, max_trials)
      values ('big', 'big', '1', 'complete', '', '', '{}', '[]', 10000, 1000000000);
    insert into farm.cell (id, canonical, kernel, exits, minima, classes, marks, horizon)
      select 'big' || i, '{"a": 1}', 1, '{up,down}', '{left,right}', '{}', '{}', 1000 from generate_series(1, 10000) i;
    insert into farm.request (sweep_id, index, cell_id, params, target, trials, state, tally, estimates,
                              numbers)
      select 'big', i - 1, 'big' || i, jsonb_build_object('let.T', i), 100000, 100000, 'done',
        $tally$${JSON.stringify(tally)}$tally$, $estimates$${JSON.stringify(estimates)}$estimates$,
        '{${numbers.map(String).join(',')}}'
        from generate_series(1, 10000) i;
    analyze farm.request; analyze farm.cell`)
  const steps = async (sql: string): Promise<Step[]> => {
    const [row] = await select(`explain (analyze, timing off, format json) ${sql}`)
    const [{ Plan }] = row!['QUERY PLAN'] as [{ Plan: Step }]
    return stepsIn(Plan)
  }
  const asked = `select params -> 'let.T' as t, trials, escape, escape_low, escape_high from cell where sweep = 'big'
    order by index`
  expect(await select(asked)).toHaveLength(10_000)
  const plan = await steps(asked)
  for (const step of plan) expect(handled(step), step['Node Type']).toBeLessThan(2 * 10_000)
  expect(plan.map((step) => step['Relation Name'])).not.toContain('outcome')
  // The negative control: every cell beside five others.
  const square = await steps(
    `select count(*) from cell c join generate_series(1, 5) n on c.index <> n where c.sweep = 'big'`,
  )
  expect(Math.max(...square.map(handled))).toBeGreaterThan(2 * 10_000)
})
