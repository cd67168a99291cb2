import { build, print, substitute } from '@driftfarm/formula'
import * as z from 'zod'
import type { Trial } from '../cell.ts'
import { Mistake, missing, outOfRange, overLimit, wrongType } from '../errors.ts'
import { label, named, quantity, section, text } from '../field/field.ts'
import type { Frame, Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { checkCount, rewrite, vocabularyAt } from '../field/vocabulary.ts'
import type { ResolvedLandscape } from '../landscape/minima.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import { type Demand, type Observation, pointsOf } from '../sweep.ts'

type Time = Observation['at'][number]

const times = 'start, escape, converge, horizon or mark:NAME'
const isTime = (word: unknown): word is Time =>
  typeof word === 'string' && /^(start|escape|converge|horizon|mark:.+)$/s.test(word)

export const observeField = {
  schema: named(
    label,
    section(['value'], {
      value: text('an expression such as "loss"').describe(
        'A number, as an expression over the names that conditions may use.',
      ),
      at: z
        .array(text(times), { error: `a list of ${times}` })
        .describe(
          'When the value is computed; horizon is step trial.steps, if it is reached. Each time gives an estimate.',
        ),
      every: quantity(ranges.steps, 'Also computes the value at the steps 0, every, 2 every, .., as a series.'),
    }),
    'a mapping of names to {value, at, every}',
  ).describe('Numbers that each trial computes. Their means are the estimates observe:NAME. They change no trial.'),
  read: (root: Frame, key: string): readonly Observation[] => {
    const frame = root.inner(key)
    const names = Object.keys(frame.object)
    checkCount(names.length, limits.observations, 'observations', frame.path())
    return collectEach(names, (name) => observation(frame.inner(name), name))
  },
}

function observation(frame: Frame, name: string): Observation {
  const { value, at, every } = collectParts({
    value: () => valueOf(frame),
    at: () => {
      const words = (frame.get('at') as readonly unknown[] | undefined) ?? []
      return collectEach(words, (word, i) => timeOf(frame, String(word), i))
    },
    every: () => (frame.get('every') === undefined ? null : frame.number('every', ranges.steps)),
  })
  if (at.length === 0 && every === null)
    throw missing(frame.at('at'), '`at: [horizon]` for the value at the end, or `every: 100` for a series')
  return { name, value, at: [...new Set(at)], ...(every !== null && { every }) }
}

function timeOf(frame: Frame, word: string, i: number): Time {
  if (isTime(word)) return word
  throw new Mistake('UNKNOWN_WORD', [...frame.at('at'), i], {
    word,
    known: ['start', 'escape', 'converge', 'horizon', 'mark:NAME'],
  })
}

/** The expression with numbers in place of `let` names, so that it means the same in all cells. */
function valueOf(frame: Frame): string {
  const { scope } = frame
  const path = frame.at('value')
  const written = frame.get('value')
  if (typeof written !== 'string') throw wrongType(path, written, 'an expression such as "loss"')
  const { expression, names, printed } = scope.expressions.formula(written, path)
  const lets = scope.letNames.filter((name) => names.has(name))
  if (lets.length === 0) return printed
  const numbers = lets.map(
    (name) => [name, build.number(scope.named(name, { frame, key: 'value', text: written }))] as const,
  )
  return print(substitute(expression, new Map(numbers)))
}

/** Refuses observations that the trials of a cell cannot make. */
export function checkObservations(
  { observe = [] }: Demand,
  trial: Trial,
  scope: Scope,
  resolved: ResolvedLandscape,
): void {
  let values = 0
  collectEach(observe, ({ name, value, at, every }) => {
    const path = ['observe', name]
    const of = [...path, 'value']
    values += at.length + pointsOf(every, trial.steps)
    collectParts({
      value: () => rewrite(scope.expressions.formula(value, of), vocabularyAt('observe', resolved), scope, of),
      at: () => collectEach(at, (time, i) => checkTime(time, trial, [...path, 'at', i])),
      every: () => checkEvery(every, trial.steps, [...path, 'every']),
    })
  })
  const limit = `${limits.observedValues} values a trial`
  if (values > limits.observedValues)
    throw overLimit('TOO_MANY_NAMES', ['observe'], values, limit, 'observe less often: write a larger `every`')
}

function checkTime(time: Time, { escape, converge, marks }: Trial, path: readonly (string | number)[]): void {
  const needs = (key: string) =>
    new Mistake('UNKNOWN_WORD', path, { word: key, hint: `it needs trial.${key}`, value: key })
  if (time === 'escape' && escape === null) throw needs('escape')
  if (time === 'converge' && converge === null) throw needs('converge')
  if (!time.startsWith('mark:')) return
  const known = marks.map(([name]) => `mark:${name}`)
  if (!known.includes(time)) throw new Mistake('UNKNOWN_WORD', path, { word: time, known, value: time })
}

function checkEvery(every: number | undefined, steps: number, path: readonly string[]): void {
  if (every === undefined) return
  if (every > steps) throw outOfRange(path, every, `at most trial.steps (${steps})`)
  const most = limits.seriesPoints
  if (pointsOf(every, steps) > most)
    throw outOfRange(path, every, `at least ${Math.ceil(steps / (most - 1))}: a series has at most ${most} points`)
}
