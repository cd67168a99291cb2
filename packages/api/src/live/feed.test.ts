import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Feed, type StateReader } from './feed.ts'
import type { Watcher } from './watcher.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Said {
  readonly id: string
  readonly event: string
  readonly data: unknown
}

/** A watcher that records its events. */
class Ear {
  readonly heard: Said[] = []
  pieces = 0
  isOpen = true

  send({ bytes }: { readonly bytes: Buffer }): void {
    this.pieces++
    const text = bytes.toString()
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? ''
    if (field('event') !== '')
      this.heard.push({ id: field('id'), event: field('event'), data: JSON.parse(field('data')) })
  }

  end(): void {
    this.isOpen = false
  }

  get events(): string[] {
    return this.heard.map(({ event, data }) => `${event} ${JSON.stringify(data)}`)
  }
}

const watcher = (ear: Ear) => ear as unknown as Watcher

/** A feed of a number. */
class Number_ implements StateReader {
  value = 0
  looks = 0
  ended = false
  #last: number | null = null

  async read() {
    this.looks++
    const { value, ended } = this
    const change = value === this.#last ? null : String(value)
    this.#last = value
    return { whole: () => String(value), change, ended: ended ? String(value) : null, answered: true }
  }
}

const everyMs = 450

function feedOf() {
  const state = new Number_()
  const idle = vi.fn()
  return { state, idle, feed: new Feed(() => state, idle, everyMs) }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

test('nothing is read without watchers; a new watcher gets the whole state, then changes', async () => {
  const { state, feed, idle } = feedOf()
  await pass(10_000)
  expect(state.looks).toBe(0)
  const ear = new Ear()
  feed.add(watcher(ear), null)
  await pass(0)
  expect(ear.events).toEqual(['snapshot 0'])
  await pass(3_000)
  expect(ear.events).toEqual(['snapshot 0'])
  state.value = 7
  await pass(1_000)
  expect(ear.events).toEqual(['snapshot 0', 'delta 7'])
  const { looks } = state
  feed.remove(watcher(ear))
  await pass(60_000)
  expect(state.looks).toBeLessThanOrEqual(looks + 1)
  expect(idle).toHaveBeenCalled()
})

test('a hundred watchers cost as many reads as one, at most one every 0.45 s', async () => {
  const { state, feed } = feedOf()
  const ears = Array.from({ length: 100 }, () => new Ear())
  for (const ear of ears) feed.add(watcher(ear), null)
  await pass(0)
  const first = state.looks
  for (let i = 1; i <= 20; i++) {
    state.value = i
    await pass(500)
  }
  expect(state.looks - first).toBeLessThanOrEqual(10 / 0.45)
  for (const ear of ears) expect(ear.heard.at(-1)?.data).toBeGreaterThanOrEqual(19)
  for (const ear of ears) feed.remove(watcher(ear))
})

test('a watcher that reconnects gets the missed events, or the whole state if they are no longer kept', async () => {
  const { state, feed } = feedOf()
  const stays = new Ear()
  feed.add(watcher(stays), null)
  await pass(0)
  const { id } = stays.heard[0]!
  for (let i = 1; i <= 3; i++) {
    state.value = i
    await pass(600)
  }
  const back = new Ear()
  feed.add(watcher(back), id)
  const stranger = new Ear()
  feed.add(watcher(stranger), 'ffffffffffff-2')
  const ahead = new Ear()
  feed.add(watcher(ahead), `${id.split('-')[0]}-99`)
  await pass(600)
  expect(back.events).toEqual(['delta 1', 'delta 2', 'delta 3'])
  expect(stranger.events).toEqual(['snapshot 3'])
  expect(ahead.events).toEqual(['snapshot 3'])
  for (let i = 4; i <= 300; i++) {
    state.value = i
    await pass(600)
  }
  const late = new Ear()
  feed.add(watcher(late), id)
  await pass(600)
  expect(late.events).toEqual(['snapshot 300'])
  for (const ear of [stays, back, stranger, ahead, late]) feed.remove(watcher(ear))
})

test('a state that takes long to read is read once a second, and a quick one twice', async () => {
  for (const [tookMs, reads, everyMs] of [
    [5, 22, 450],
    [60, 16, 450],
    [350, 11, 450],
    [5, 12, 900],
  ] as const) {
    const state = new Number_()
    const read = state.read.bind(state)
    state.read = () => new Promise((resolve) => setTimeout(() => resolve(read()), tookMs))
    const feed = new Feed(
      () => state,
      () => undefined,
      everyMs,
    )
    const ear = watcher(new Ear())
    feed.add(ear, null)
    await pass(10_000)
    expect(state.looks, `${tookMs} ms`).toBe(reads)
    feed.remove(ear)
    await pass(1_000)
  }
})

test('all watchers get the end, and their streams are ended', async () => {
  const { state, feed } = feedOf()
  const ear = new Ear()
  feed.add(watcher(ear), null)
  await pass(0)
  state.value = 5
  state.ended = true
  await pass(1_000)
  expect(ear.events).toEqual(['snapshot 0', 'delta 5', 'end 5'])
  expect(ear.isOpen).toBe(false)
  const late = new Ear()
  feed.add(watcher(late), null)
  await pass(1_000)
  expect(late.events.map((each) => each.split(' ')[0])).toEqual(['snapshot', 'end'])
  expect(late.isOpen).toBe(false)
})

test('a watcher that arrives at the moment of the end gets it too', async () => {
  // The first watcher gets the end at once. The second arrives some turns of the event loop later.
  for (let turns = 0; turns < 12; turns++) {
    const { state, feed } = feedOf()
    state.ended = true
    const [first, late] = [new Ear(), new Ear()]
    feed.add(watcher(first), null)
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    feed.add(watcher(late), null)
    await pass(2_000)
    for (const ear of [first, late]) {
      expect(ear.events.at(-1), `${turns}`).toBe('end 0')
      expect(ear.isOpen).toBe(false)
    }
  }
})

test('a quiet stream is kept alive', async () => {
  const { feed } = feedOf()
  const ear = new Ear()
  feed.add(watcher(ear), null)
  await pass(9_000)
  expect(ear.events).toEqual(['snapshot 0'])
  // A comment every 2 s.
  expect(ear.pieces).toBe(5)
  feed.close()
  expect(ear.isOpen).toBe(false)
})

test('a failed read disconnects all watchers, and their next request gets the error', async () => {
  const feed = new Feed(
    () => ({
      read: async () => {
        throw new Error('the database is gone')
      },
    }),
    () => undefined,
    everyMs,
  )
  const ear = new Ear()
  feed.add(watcher(ear), null)
  await pass(0)
  expect([ear.isOpen, ear.events]).toEqual([false, []])
})
