import type { Outcome, RecordLayout, Tally } from '@driftfarm/kernel'
import { type EventKind, type EventName, parseEvent } from '@driftfarm/spec'
import { estimate as entries } from '../estimate.generated.ts'
import { countIn, type EventEntry, noSuchEstimate, type RecordTest } from '../evidence/event.ts'

const events: Readonly<Record<EventKind, EventEntry>> = entries

/** Throws a StatisticsError if the text does not name an event. Rates, times and costs are not events. */
function eventNamed(text: string): EventName {
  const event = parseEvent(text)
  if (event === null) throw noSuchEstimate(text)
  return event
}

/** For an estimate of the probability of an event, returns the number of trials with this event. */
export function countOf(estimate: string, tally: Tally, layout: RecordLayout): number {
  const name = eventNamed(estimate)
  return countIn(events[name.kind].occurrence, name, tally, layout)
}

/** Whether a trial had the event that `countOf` counts. */
export function eventAt(estimate: string, outcome: Outcome): boolean {
  const { kind, name, horizon } = eventNamed(estimate)
  const by = (step: number | null | undefined) => typeof step === 'number' && (horizon === null || step <= horizon)
  return events[kind].occurrence.had(outcome, by, name)
}

/** Whether the trial of a stored record had the event. */
export function eventTest(estimate: string, layout: RecordLayout): RecordTest {
  const { kind, name, horizon } = eventNamed(estimate)
  const latest = horizon ?? Number.POSITIVE_INFINITY
  const had = events[kind].occurrence.inRecord(layout, name, (words, at) => {
    const step = words.getUint32(at, true) + words.getUint32(at + 4, true) * 4294967296
    return step !== 0 && step <= latest
  })
  if (had === undefined) throw noSuchEstimate(estimate)
  return had
}

/**
 * Returns one bit for each trial: 1 if the trial had the event. Trial i of a range is bit i mod 8 (from the lowest) of
 * byte floor(i / 8), and unused bits of the last byte are 0. Only one field of each record is read,
 * because decoding a whole record would take 2.5 microseconds, more than many trials take.
 */
export function eventBits(estimate: string, records: Uint8Array, layout: RecordLayout): Uint8Array {
  const had = eventTest(estimate, layout)
  const words = new DataView(records.buffer, records.byteOffset, records.byteLength)
  const count = records.length / layout.bytes
  const bits = new Uint8Array(Math.ceil(count / 8))
  for (let index = 0; index < count; index++)
    if (had(words, index * layout.bytes)) bits[index >> 3]! |= 1 << (index & 7)
  return bits
}

const populationCount = Uint8Array.from({ length: 256 }, (_, byte) => {
  let set = 0
  for (let rest = byte; rest > 0; rest &= rest - 1) set++
  return set
})

/** The number of trials that had the event. */
export function countBits(bits: Uint8Array): number {
  let set = 0
  for (const byte of bits) set += populationCount[byte]!
  return set
}

/** The event bits of a range of trials of one cell. */
export interface BitRange {
  /** Index of the trial to which the first bit belongs. */
  readonly first: number
  readonly count: number
  readonly bits: Uint8Array
}

/**
 * Returns how many of the trials `from` to `to - 1` had the event in `a`, in `b`, and in both. `a` and `b` must contain
 * the bits of all these trials.
 */
export function countPairs(a: BitRange, b: BitRange, from: number, to: number) {
  let [first, second, both] = [0, 0, 0]
  for (let at = from; at < to; at += 8) {
    const inside = to - at < 8 ? (1 << (to - at)) - 1 : 255
    const one = byteAt(a, at) & inside
    const other = byteAt(b, at) & inside
    first += populationCount[one]!
    second += populationCount[other]!
    both += populationCount[one & other]!
  }
  return { first, second, both }
}

/** The bits of eight trials, starting with `trial`; bits beyond the end of the range are 0. */
function byteAt({ first, bits }: BitRange, trial: number): number {
  const offset = trial - first
  const place = Math.floor(offset / 8)
  const shift = offset % 8
  return (((bits[place] ?? 0) | ((bits[place + 1] ?? 0) << 8)) >> shift) & 255
}
