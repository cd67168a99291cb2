import { ends, type HorizonTally, type Outcome, type RecordLayout, type Tally } from '@driftfarm/kernel'
import type { EventKind } from '@driftfarm/spec'
import { countWhere, diverged } from './joint.ts'

/**
 * How to find an event in a tally, in an outcome and in a stored record. These functions must agree on which trials had
 * the event.
 */
interface Occurrence {
  /** Returns undefined if the cell has no such event, or if the tally lacks the count. */
  readonly count: (tally: Tally, layout: RecordLayout, name: string) => number | undefined
  /** Absent for events that do not happen at a step. */
  readonly countBy?: (
    by: HorizonTally,
    { tally, layout, name }: { readonly tally: Tally; readonly layout: RecordLayout; readonly name: string },
  ) => number | undefined
  /** `by` returns true for a step up to the horizon, and false for a later or missing step. */
  readonly had: (outcome: Outcome, by: (step: number | null | undefined) => boolean, name: string) => boolean
  /**
   * `by` reads the step that a record stores at byte `at`. It returns true for a step up to the horizon, and false for
   * a later or missing step. The kernel's `Outcome` describes the layout of a record.
   */
  readonly inRecord: (layout: RecordLayout, name: string, by: RecordTest) => RecordTest | undefined
}

export type RecordTest = (words: DataView, at: number) => boolean

const divergedEnd = ends.indexOf('diverged')
const other = 0xffff

function indexOrOther(names: readonly string[], name: string): number {
  const index = names.indexOf(name)
  return index < 0 && name === 'other' ? names.length : index
}

/** A record stores a name as a code of two bytes: k for the k-th name, and 0xffff for "other". */
function ofCode(names: readonly string[], name: string, offset: number): RecordTest | undefined {
  const code = names.indexOf(name) + 1 || (name === 'other' ? other : 0)
  return code === 0 ? undefined : (words, at) => words.getUint16(at + offset, true) === code
}

const divergedBy = (words: DataView, at: number, by: RecordTest): boolean =>
  words.getUint8(at) === divergedEnd && by(words, at + 24)

export const occurrences: Readonly<Record<EventKind, Occurrence>> = {
  escape: {
    count: ({ escaped }) => escaped,
    countBy: ({ escaped }) => escaped,
    had: ({ escapedAt }, by) => by(escapedAt),
    inRecord: (_, __, by) => (words, at) => by(words, at + 8),
  },
  exit: {
    count: ({ exits }, layout, name) => exits[layout.exits.indexOf(name)],
    countBy: ({ exits }, { layout, name }) => exits[layout.exits.indexOf(name)],
    had: ({ exit, escapedAt }, by, name) => exit === name && by(escapedAt),
    inRecord: (layout, name, by) => {
      const exit = layout.exits.indexOf(name) + 1
      return exit === 0 ? undefined : (words, at) => words.getUint8(at + 1) === exit && by(words, at + 8)
    },
  },
  converge: {
    count: ({ convergeHistogram }) => convergeHistogram.reduce((sum, [, count]) => sum + count, 0),
    countBy: ({ converged }) => converged,
    had: ({ convergedAt }, by) => by(convergedAt),
    inRecord: (_, __, by) => (words, at) => by(words, at + 16),
  },
  diverge: {
    count: ({ ends }) => ends[diverged],
    countBy: (by) => by.diverged,
    had: ({ end, steps }, by) => end === 'diverged' && by(steps),
    inRecord: (_, __, by) => (words, at) => divergedBy(words, at, by),
  },
  stay: {
    count: ({ joint }, layout) => joint && countWhere(joint, layout, (escaped, end) => !escaped && end !== diverged),
    countBy: ({ departed }, { tally }) => (departed === undefined ? undefined : tally.trials - departed),
    had: ({ escapedAt, end, steps }, by) => !by(escapedAt) && !(end === 'diverged' && by(steps)),
    inRecord: (_, __, by) => (words, at) => !by(words, at + 8) && !divergedBy(words, at, by),
  },
  settle: {
    count: ({ settled }, { minima }, name) => settled[indexOrOther(minima, name)],
    had: ({ settled }, _, name) => settled === name,
    inRecord: ({ minima }, name) => ofCode(minima, name, 2),
  },
  class: {
    count: (tally, layout, name) => tally.classes[indexOrOther(layout.classes, name)],
    had: (outcome, _, name) => outcome.class === name,
    inRecord: ({ classes }, name) => ofCode(classes, name, 4),
  },
  mark: {
    count: ({ marks }, layout, name) => marks[layout.marks.indexOf(name)],
    countBy: ({ marks }, { layout, name }) => marks[layout.marks.indexOf(name)],
    had: ({ marks }, by, name) => by(marks[name]),
    inRecord: ({ marks }, name, by) => {
      const mark = marks.indexOf(name)
      return mark < 0 ? undefined : (words, at) => by(words, at + 48 + 8 * mark)
    },
  },
}
