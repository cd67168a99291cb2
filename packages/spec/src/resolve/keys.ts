import { Mistake } from '../errors.ts'
import type { Frame } from './frame.ts'

/** Refuses the first key of `frame` that is not among `known`; `hint` says what stands there instead. */
export function refuseOthers(frame: Frame, known: readonly string[], hint: string): void {
  const word = Object.keys(frame.object).find((key) => !known.includes(key))
  if (word !== undefined) throw new Mistake('UNKNOWN_KEY', frame.at(word), { word, known, hint }, 'key')
}

/** Which one of `keys` is given. */
export function onlyOne<Key extends string>(frame: Frame, keys: readonly Key[]): Key {
  const given = keys.filter((key) => frame.get(key) !== undefined)
  if (given.length === 1) return given[0]!
  const reason = given.length === 0 ? 'none' : given.join(' and ')
  throw new Mistake('EXACTLY_ONE', frame.path(), { known: keys, reason })
}
