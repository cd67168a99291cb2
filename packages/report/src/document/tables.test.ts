import { isLive, sweepStateNames } from '@driftfarm/spec'
import { expect, test } from 'vitest'
import { databaseStatus } from './databaseStatus.ts'
import { doctor } from './doctor.ts'
import { landscape, landscapeList } from './landscape.ts'
import { type PlanData, renderPlan } from './plan.ts'
import { replica, trial } from './replayed.ts'
import { phaseOf, type StatusData, stateText, status } from './status.ts'
import { reusedLines, reusedText, submitted } from './submitted.ts'
import { sweepList } from './sweepList.ts'
import { verification } from './verification.ts'

const id = 'a'.repeat(32)
const sweep = { id, name: 'wells', state: 'running' } as const
const standing: StatusData = {
  ...sweep,
  reason: 'its rules are unmet',
  cells: { done: 1, open: 2, failed: 0 },
  trials: { done: '12345', requested: '1000000000000000000' },
  batches: { ready: 1, leased: 2, done: 3, failed: 0 },
  events: '9007199254740993',
  steps: '0',
  worst: { cell: 2, estimate: 'escape', relative: 0.0123 },
  stopsByRule: true,
  rulesUnmet: 0,
  workers: 2,
  threads: 8,
  farm: { state: 'works', words: '' },
}

test('the status of a sweep', () => {
  expect(`\n${status.table(standing)}`).toMatchInlineSnapshot(`
    "
    sweep            wells (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)
    state            running: its rules are unmet
    farm             2 workers, 8 threads
    cells            1 done, 2 open, 0 failed
    trials           12.3k of at most 1e18
    batches          3 done, 2 running, 1 waiting, 0 failed
    events           9007199254740993
    widest interval  ±1.2 % (cell 2)
    "
  `)
  const plain = { ...standing, reason: null, worst: null, stopsByRule: false, farm: null }
  expect(status.table(plain)).not.toMatch(/farm|widest|most|rules/)
  const searched = { ...plain, cells: { done: 130, open: 0, failed: 0, unvisited: 100 } }
  expect(status.table(searched)).toContain('30 done, 0 open, 0 failed, 100 not visited by the search')
  // Nearly every replica of splitting has an escape, so their number would read as 100 %.
  const split = status.table({ ...plain, method: 'splitting', trials: { done: '64', requested: '64' } })
  expect(split).toMatch(/^replicas +64 of 64$/m)
  expect(split).not.toMatch(/events|trials/)
  expect(submitted.table({ sweep })).toBe(`wells ${id} running\n`)
})

test('what a sweep is doing follows from its state, its batches and its trials', () => {
  const phase = (state: StatusData['state'], done: number, ready: number, leased: number) =>
    phaseOf({ state, trials: { done: String(done), requested: '9' }, batches: { ready, leased, done: 0, failed: 0 } })
  expect(phase('planned', 0, 0, 0)).toBe('planning')
  expect(phase('planned', 4, 0, 0)).toBe('planning')
  expect(phase('planned', 0, 3, 0)).toBe('waiting')
  expect(phase('running', 0, 3, 1)).toBe('compiling')
  expect(phase('running', 4, 3, 1)).toBe('running')
  expect(phase('running', 4, 3, 0)).toBe('waiting')
  expect(phase('running', 9, 0, 0)).toBe('settling')
  for (const state of sweepStateNames.filter((each) => !isLive(each))) expect(phase(state, 4, 3, 1)).toBeNull()
  expect(stateText({ state: 'planned', phase: 'waiting' })).toBe('planned, waiting for a free thread')
  for (const state of [{ state: 'running' as const }, { state: 'running' as const, phase: 'running' as const }])
    expect(stateText(state)).toBe('running')
  expect(status.table({ ...standing, phase: 'settling' })).toContain(
    'running, merging and checking results: its rules are unmet',
  )
})

test('what is reused, from how many sweeps, and what is left to compute', () => {
  const reused = { cells: 2, trials: '800', extended: 0 }
  const from = (count: number, ...names: string[]) => ({
    ...reused,
    from: { count, sweeps: names.map((name) => ({ id, name })) },
  })
  expect(reusedText(reused)).toBe('800 trials in 2 cells')
  expect(reusedText(from(1))).toBe('800 trials in 2 cells, from 1 removed sweep')
  expect(reusedText(from(1, 'a'))).toBe('800 trials in 2 cells, from a')
  expect(reusedText(from(2, 'a', 'b'))).toBe('800 trials in 2 cells, from a and b')
  expect(reusedText(from(9, 'a', 'b'))).toBe('800 trials in 2 cells, from a, b, 4 other sweeps and 3 removed sweeps')
  expect(status.table({ ...standing, reused: from(1, 'a') })).toContain('800 trials in 2 cells, from a')
  expect(reusedLines(null, { cells: 1, trials: '5' })).toEqual([])
  const [first, second, third] = reusedLines({ ...from(1, 'a'), extended: 1 }, { cells: 0, trials: '0' })
  expect(first).toMatch('these trials are reused, from a')
  expect(second).toBe('all trials are stored')
  expect(third).toMatch('the results of 1 cell may already have been seen')
  expect(reusedLines(reused, { cells: 1, trials: '5' })).toContain('left to compute: 5 trials in 1 cell')
})

test('sweeps in a list, and the settings that differ between sweeps of one name', () => {
  const line = {
    ...sweep,
    cells: 3,
    trialsDone: '10',
    trialsRequested: '2500000',
    submittedAt: '2026-11-24T10:11:12.1Z',
    stopsByRule: false,
    worst: null,
    tags: {},
  }
  const sweeps = [
    { ...line, newest: true, differs: [{ path: 'update.eta', value: '0.1' }] },
    { ...line, id: 'b'.repeat(32), newest: false, differs: [{ path: 'update.eta', value: '0.2' }] },
  ]
  expect(`\n${sweepList.table({ sweeps })}`).toMatchInlineSnapshot(`
    "
    name   id            state    cells  trials     submitted (UTC)
    wells  aaaaaaaaaaaa  running      3  10 / 2.5M  2026-11-24 10:11
    wells  bbbbbbbbbbbb  running      3  10 / 2.5M  2026-11-24 10:11

    name   id            settings that differ
    wells  aaaaaaaaaaaa  newest: eta 0.1
    wells  bbbbbbbbbbbb  eta 0.2
    "
  `)
})

const planned: PlanData = {
  sweep: { id, name: 'wells', seed: '1' },
  cells: 22,
  trials: '22000',
  upperBound: true,
  batches: 3,
  cpuSeconds: 90,
  pilot: { cells: [0, 21], trials: 128, cpuSeconds: 0.2 },
  done: { trials: '11000', share: 0.5 },
  disk: { rows: 22_000, bytes: 1_234_567 },
  perCell: Array.from({ length: 22 }, (_, index) => ({
    index,
    id,
    params: { 'update.eta': index },
    trials: 1000,
    done: 500,
    reason: '500 trials are missing',
  })),
  checks: [0, 21].map((index) => ({ index, checks: [{ name: 'stability', verdict: 'good', text: '', hint: null }] })),
  findings: [],
  sizing: {
    estimate: 'escape',
    sought: 'trials',
    cells: [
      { index: 0, probability: 0.5, from: 'worst', trials: 9701, confidence: 0.95, width: 0.02, relative: 0.02 },
      { index: 1, probability: 0, from: 'stored', trials: null, confidence: null, width: null, relative: null },
      { index: 2, probability: null, from: 'unknown', trials: null, confidence: null, width: null, relative: null },
    ],
  },
  recommended: [
    {
      cell: 0,
      method: 'splitting',
      probability: 1e-9,
      seconds: { direct: 1e7, splitting: 0.25 },
      reason: 'it is rare',
    },
    { cell: 21, method: 'direct', probability: null, seconds: { direct: null, splitting: null }, reason: 'none' },
  ],
}

test('a plan', () => {
  const [head, ...listed] = String(renderPlan(planned, { width: 160 })).split('\ncell 2           {')
  expect(`\n${head}\n`).toMatchInlineSnapshot(`
    "
    sweep            wells (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)
    cells            22
    trials           at most 22k (1000 per cell)
    batches          about 3
    CPU time         90 s if no trial ends early
    pilot            128 trials of cells 0 and 21 on this machine, not stored
    disk             at most about 1.2 MB in the database, 22k recorded outcomes
    already done     11k trials, 50.0 %
    checked          2 of 22 cells (0, 21), without running trials
    method, cell 0   splitting: it is rare; a relative error of 10 % takes about 0.3 s of CPU time by splitting, \
116 days by direct trials
    method, cell 21  direct: none
    sizes            for escape; the widths are those of the exact interval at the expected number of events
    cell 0           p 0.5 (worst case): 9701 trials give a width of 0.0200 (± 2.00 %) at 95 % confidence
    cell 1           p 0 (from stored trials): no number of trials meets the request
    cell 2           p is unknown: no trials are stored, and the pilot had no event; give a guess with --probability
    cell 0           {"update.eta":0}: 500 trials are missing
    cell 1           {"update.eta":1}: 500 trials are missing
    "
  `)
  expect(listed.join('')).toMatch(
    /\n\.\.\. +2 more cells; --json lists 22 cells\n\nchecks: all 2 cells pass every check\n$/,
  )
  const complete = planned.perCell.map((cell) => ({ ...cell, reason: 'all trials are stored' }))
  const nothing = String(renderPlan({ ...planned, perCell: complete, computed: { cells: 0, trials: '0' } }))
  expect(nothing).toMatch(/\n22 cells +all trials are stored\n\nchecks: /)
  const many = String(renderPlan({ ...planned, batches: 10_000, cpuSeconds: 9, ledgerSeconds: 8 }))
  expect(many).toContain('9 s if no trial ends early: 1 s for trials and 8 s to store them')
  const exact = { ...planned, upperBound: false }
  expect(renderPlan({ ...exact, disk: { rows: 0, bytes: 999_999 } })).toMatch(
    /^disk +less than 1 MB .* no recorded outcomes$/m,
  )
  expect(renderPlan({ ...exact, disk: { rows: 1e9, bytes: 2.45e10 } })).toMatch(/^disk +about 25 GB .* 1G recorded/m)
  for (const [bytes, size] of [
    [999_499_999, '1 GB'],
    [1e12, '1 TB'],
    [4e18, '4 EB'],
    [1.2e30, '1200000 YB'],
  ] as const)
    expect(renderPlan({ ...exact, disk: { rows: 0, bytes } })).toContain(`about ${size} in the database`)
  const unknown = String(renderPlan({ ...planned, pilot: null, batches: null, cpuSeconds: null }))
  expect(unknown).toContain('CPU time         unknown without a pilot: remove --no-pilot')
})

test('a replayed record is a list, with a line for each mark, exit and level', () => {
  const equal = { stored: 'equal', engines: ['wasm', 'reference'] } as const
  const lost = { stored: 'not kept', engines: ['wasm'] } as const
  const record = { cell: 0, trial: 7, end: 'escaped', exit: null, settled: null, class: null, escaped_at: 3 } as const
  const more = { converged_at: null, steps: 3, loss: 0.5, distance: 'NaN', marks: { m2: null } } as const
  expect(trial.table({ ...record, ...more, id, ...equal, control: true })).toMatch(
    /^cell id +a{32}\ncell +0\n[\s\S]*exit +-\n[\s\S]*distance +NaN\nmark m2 +-\n$/,
  )
  const ladder = Array.from({ length: 30 }, (_, level) => ({ score: level, killed: 1, weight: 0.5 }))
  const counts = { cell: 0, replica: 1, estimate: 0.1, weight: 0.5, levels: 30, escaped: 2, steps: 9, exits: { up: 2 } }
  const text = String(replica.table({ ...counts, ladder, id, ...lost }))
  expect(text).toMatch(/exit up +2\n\nlevel +score +killed +weight\n1 [\s\S]*\n10 .*\n\.\. .*\n21 [\s\S]*\n30 .*\n$/)
  expect(replica.table({ ...counts, ladder: [], id, ...lost })).not.toContain('level ')
})

test('verify, doctor and the database report their state', () => {
  const finding = { what: 'queue', good: false, state: 'due', found: 'no tables', hint: 'migrate' } as const
  expect(doctor.table({ healthy: false, findings: [finding, { ...finding, state: 'absent', hint: null }] })).toBe(
    'TODO  queue  no tables (migrate)\nok    queue  no tables\n',
  )
  const checks = [{ name: 'I1', checked: 'all of it', violations: [] }]
  expect(verification.table({ sweep, checks })).toBe('invariant  holds  checked\nI1         yes    all of it\n')
  const broken = [{ ...checks[0]!, violations: ['one is missing'] }]
  expect(verification.table({ sweep, checks: broken })).toContain('NO     one is missing')
  const database = { mode: 'farm', version: '18', migrations: 'current', sizeBytes: 2 ** 20, outcomeBytes: 0 } as const
  expect(databaseStatus.table({ ...database, connections: { used: 1, max: 9 }, settings: { fsync: 'on' } })).toMatch(
    /size +1\.0 MiB, including 0\.0 MiB of recorded rows\nconnections +1 of 9\nfsync +on\n$/,
  )
})

test('a landscape with its gradient and minima', () => {
  const well = {
    name: 'well',
    summary: 'one',
    kind: 'formula',
    dimension: 1,
    variables: null,
    expression: 'c x[1]^2',
    parameters: [['c', 0.5]],
    data: null,
    batch: null,
    gradient: { 'dL/dx[1]': '2 c x[1]' },
    minima: { origin: [0] },
    losses: { origin: 0 },
    view: [[-1, 1]],
  } as const
  expect(`\n${landscape.table(well)}`).toMatchInlineSnapshot(`
    "
    landscape  well: one
    dimension  1 (any: set \`dimension:\`)
    L          c x[1]^2
    dL/dx[1]   2 c x[1]
    c          0.5
    minimum 1  origin (0), L = 0
    "
  `)
  expect(landscapeList.table({ landscapes: [well] })).toMatch(
    /^name +dimension +minima +L\nwell +1 +origin +c x\[1\]\^2\n$/,
  )
})
