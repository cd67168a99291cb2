import { Broken } from '../document/broken.ts'
import { Mistake } from '../errors.ts'
import { consequentialMistake, Mistakes } from '../mistakes.ts'
import { isCutRemainder } from '../words/unclosed.ts'
import { unknownKey } from '../words/unknownKey.ts'
import type { Frame } from './frame.ts'

/** `hint` says which keys are allowed. For a wrong key, `insteadOf` returns the key that was probably meant. */
export function refuseUnknownKeys(
  frame: Frame,
  known: readonly string[],
  hint: string,
  insteadOf: (key: string) => string | undefined = () => undefined,
): void {
  const isRemainder = isCutRemainder(frame.object)
  const wrong = Object.keys(frame.object).filter(
    (key) => !known.includes(key) && !(frame.peek(key) instanceof Broken) && !isRemainder(key),
  )
  if (wrong.length === 0) return
  throw new Mistakes(wrong.map((word) => unknownKey(frame.path(), word, known, { hint, instead: insteadOf(word) })))
}

export function onlyOne<Key extends string>(frame: Frame, keys: readonly Key[]): Key {
  const given = keys.filter((key) => frame.peek(key) !== undefined)
  if (given.length === 1) return given[0]!
  if (given.length === 0 && frame.hasBroken) throw consequentialMistake()
  const reason = given.length === 0 ? 'none' : given.join(' and ')
  throw new Mistake('EXACTLY_ONE', frame.path(), { known: keys, reason })
}
