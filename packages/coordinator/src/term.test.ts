import type { FarmSnapshot, LiveSweep } from '@driftfarm/database'
import { expect, test } from 'vitest'
import { defaults } from './defaults.ts'
import {
  beginTerm,
  next,
  type PassSizes,
  type Step,
  type Term,
  type TermEvent,
  type TermOptions,
  termText,
} from './term.ts'

const sweep = (change: Partial<LiveSweep> = {}): LiveSweep => ({
  ...{ id: 's', priority: 0, cells: 1, open: 1, submission: 1, state: 'running', out: 4 },
  ...{ budgeted: false, searching: false, continues: false },
  ...change,
})
const snapshotOf = (change: Partial<FarmSnapshot> = {}): FarmSnapshot => ({
  ...{ threads: 2, kernels: [{ kernel: 1, threads: 2 }], workers: 1, out: 4, longOut: 0 },
  ...{ hasUpdates: false, hasLoose: false, hasUnqueued: false, outdated: false, sweeps: [sweep()] },
  ...change,
})
const options = (change: Partial<TermOptions> = {}): TermOptions => ({
  kind: 'coordinator',
  limits: defaults,
  ...change,
})

/** A term and its clock. Each event comes `afterMs` after the one before. */
class Told {
  #term: Term
  #nowMs = 1_000
  readonly #queueLostForMs: number

  constructor({ queueLostForMs = 0, ...change }: Partial<TermOptions> & { queueLostForMs?: number } = {}) {
    this.#queueLostForMs = queueLostForMs
    this.#term = beginTerm(options(change), this.#nowMs)
  }

  tell(event: TermEvent, afterMs = 0): Step {
    this.#nowMs += afterMs
    this.#term = next(this.#term, event, { nowMs: this.#nowMs, queueLostForMs: this.#queueLostForMs })
    return this.#term.next
  }

  /** From the beginning of the term, or from the end of a pause, to a snapshot. */
  read(snapshot: FarmSnapshot, mark = 'a'): Step {
    if (this.#term.next.step === 'sleep') this.tell({ event: 'woke' }, this.#term.next.ms)
    if (this.#term.next.step === 'reconcile') this.tell({ event: 'reconciled', suspected: 0 }, 1)
    if (this.#term.next.step === 'check workers') this.tell({ event: 'workers checked' }, 1)
    this.tell({ event: 'changes', mark, isPending: false }, 1)
    return this.tell({ event: 'snapshot', snapshot }, 1)
  }

  /** The state without the counts that do not change here. */
  get text(): string {
    return termText(this.#term)
      .replace('sweeps 1, dispatched bundles', 'bundles')
      .replace(/, threads 2|; \d+ bundles allowed/g, '')
  }
}

const passed = (enqueued = 0, again = false): TermEvent => ({ event: 'passed', enqueued, again })

test('a term from its beginning to a quiet farm', () => {
  const told = new Told()
  const texts = [told.text]
  const events: TermEvent[] = [
    { event: 'reconciled', suspected: 1 },
    { event: 'workers checked' },
    { event: 'changes', mark: 'a', isPending: false },
    { event: 'snapshot', snapshot: snapshotOf({ out: 0, sweeps: [sweep({ out: 0 })] }) },
    passed(8),
    { event: 'woke' },
    { event: 'changes', mark: 'b', isPending: false },
    { event: 'snapshot', snapshot: snapshotOf({ out: 8, sweeps: [sweep({ out: 8 })] }) },
    { event: 'woke' },
    { event: 'changes', mark: 'b', isPending: false },
    { event: 'woke' },
    { event: 'reconciling failed' },
    { event: 'changes', mark: 'b', isPending: false },
    { event: 'failed' },
  ]
  for (const [at, event] of events.entries()) {
    told.tell(event, events[at + 1]?.event === 'reconciling failed' ? defaults.lostAfterMs : 10)
    texts.push(`${event.event}: ${told.text}`)
  }
  expect(texts).toEqual([
    'reconcile; no snapshot; pass due',
    'reconciled: check workers; no snapshot; pass due; comparison after 2000 ms',
    'workers checked: read changes; no snapshot; pass due; comparison after 2000 ms',
    'changes: read snapshot; no snapshot; pass due; comparison after 2000 ms',
    'snapshot: pass; bundles 0; comparison after 2000 ms',
    'passed: sleep 25 ms; bundles 0; comparison after 2000 ms',
    'woke: read changes; bundles 0; comparison after 2000 ms',
    'changes: read snapshot; bundles 0; comparison after 2000 ms',
    'snapshot: sleep 50 ms; bundles 8; comparison after 2000 ms',
    'woke: read changes; bundles 8; comparison after 2000 ms',
    'changes: sleep 100 ms; bundles 8; comparison after 2000 ms',
    'woke: reconcile; bundles 8; pass due; comparison after 2000 ms',
    'reconciling failed: check workers; bundles 8; pass due; comparison after 1000 ms',
    'changes: read snapshot; bundles 8; pass due; comparison after 1000 ms',
    'failed: sleep 1000 ms; bundles 8; pass due; failed; comparison after 1000 ms',
  ])
})

test.each<[what: string, due: boolean, change: Partial<FarmSnapshot>]>([
  ['nothing', false, {}],
  ["more dispatched bundles, which are the leader's own", false, { out: 6, longOut: 1, sweeps: [sweep({ out: 6 })] }],
  ['fewer dispatched bundles', true, { out: 3, sweeps: [sweep({ out: 3 })] }],
  ['fewer of one sweep, more of another', true, { sweeps: [sweep({ out: 3 }), sweep({ id: 't', out: 1 })] }],
  ['pending updates', true, { hasUpdates: true }],
  ['loose batches', true, { hasLoose: true }],
  ['bundles without a job', true, { hasUnqueued: true }],
  ['another thread', true, { threads: 3 }],
  ['a new sweep', true, { sweeps: [sweep(), sweep({ id: 't', out: 0 })] }],
  ['a removed sweep', true, { out: 0, sweeps: [] }],
  ['a cell that ended', true, { sweeps: [sweep({ open: 0 })] }],
  ['another priority', true, { sweeps: [sweep({ priority: 2 })] }],
])('after %s a pass is due: %s', (_, due, change) => {
  const told = new Told()
  expect(told.read(snapshotOf()).step).toBe('pass')
  told.tell(passed())
  expect(told.read(snapshotOf(change), 'b').step).toBe(due ? 'pass' : 'sleep')
})

test('the end of a long bundle makes a pass due', () => {
  const told = new Told()
  told.read(snapshotOf({ longOut: 1 }))
  told.tell(passed())
  expect(told.read(snapshotOf(), 'b').step).toBe('pass')
})

test('the longer nothing changes, the longer the pause, up to its limit', () => {
  const pausesOf = (snapshot: FarmSnapshot): Step[] => {
    const told = new Told()
    told.read(snapshot)
    return [told.tell(passed()), ...['b', 'c', 'd', 'e'].map((mark) => told.read(snapshot, mark))]
  }
  const slept = (...pauses: number[]): Step[] => pauses.map((ms) => ({ step: 'sleep', ms }))
  expect(pausesOf(snapshotOf())).toEqual(slept(25, 50, 100, 200, 300))
  expect(pausesOf(snapshotOf({ out: 0, sweeps: [] }))).toEqual(slept(25, 50, 100, 200, 250))
})

const sizesAt = (step: Step): PassSizes => (step as Extract<Step, { step: 'pass' }>).sizes
/** A farm whose window is much larger than what the rate limit allows. */
const large = snapshotOf({ threads: 2_000, out: 0, hasUpdates: true, sweeps: [sweep({ out: 0 })] })

test('a burst of one second, then twice the target commit rate', () => {
  const told = new Told({ bundlesPerSecond: 250, limits: { ...defaults, busyMs: 100 } })
  expect(sizesAt(told.read(large)).window).toBe(500)
  told.tell(passed(500))
  // 102 ms pass until the next snapshot.
  expect(sizesAt(told.read(large, 'b')).window).toBe(51)
  told.tell(passed(20))
  expect(sizesAt(told.read(large, 'c')).window).toBe(82)
  told.tell(passed(0), 60_000)
  expect(sizesAt(told.read(large, 'd')).window).toBe(500)
})

test('bundles that are exempt from the rate limit are counted', () => {
  const told = new Told({ bundlesPerSecond: 10 })
  told.read(large)
  told.tell(passed(30))
  // 10 more than allowed were dispatched, which takes half a second.
  told.tell({ event: 'woke' }, 400)
  told.tell({ event: 'changes', mark: 'b', isPending: false })
  expect(sizesAt(told.tell({ event: 'snapshot', snapshot: large })).window).toBe(0)
})

test('the slowest farm still has its minimum window, the fastest has no limit', () => {
  expect(sizesAt(new Told({ bundlesPerSecond: 1 }).read(large)).window).toBe(8)
  expect(sizesAt(new Told({ bundlesPerSecond: 1_000_000 }).read(large)).window).toBe(5_000)
})

test('a leader that has lost the queue for long steps down if a standby can reach it', () => {
  const told = new Told({ queueLostForMs: 60_000 })
  told.read(snapshotOf())
  expect(told.tell(passed()).step).toBe('sleep')
  told.tell({ event: 'woke' }, defaults.cutOffMs)
  expect(told.tell({ event: 'failed' })).toEqual({ step: 'look for a standby', ms: defaults.troubleMs })
  expect(told.tell({ event: 'standby', isReady: false })).toEqual({ step: 'sleep', ms: defaults.troubleMs })
  told.tell({ event: 'woke' }, 10_000)
  told.tell({ event: 'failed' })
  expect(told.tell({ event: 'standby', isReady: true })).toEqual({ step: 'step down' })
})

test('a leader steps down for a coordinator of a newer version', () => {
  expect(new Told().read(snapshotOf({ outdated: true }))).toEqual({ step: 'step down' })
})

test('a run of one sweep reserves no threads for short bundles', () => {
  const longRoom = (change: Partial<TermOptions>): number => sizesAt(new Told(change).read(snapshotOf())).longRoom
  expect([longRoom({ kind: 'run' }), longRoom({ kind: 'up' }), longRoom({ kind: 'up', shortThreads: 9 })]).toEqual([
    Number.POSITIVE_INFINITY,
    1,
    1,
  ])
})
