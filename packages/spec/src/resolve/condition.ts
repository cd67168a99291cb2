import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'
import type { KnownExpression } from './expressions.ts'
import type { Frame } from './frame.ts'
import type { ResolvedLandscape } from './resolvedLandscape.ts'
import type { Scope } from './scope.ts'
import { rewrite, type Vocabulary } from './vocabulary.ts'

/** Reads the condition at `key` of `frame` and returns its canonical text. */
export type Condition = (frame: Frame, key: string) => string

interface Reading {
  /** Further quantities that a condition may use, besides `eventQuantities`. */
  readonly besides?: readonly string[]
  /** Allows conditions on parameters only, which switch a drift on or off for a whole cell. */
  readonly mayBeSwitch?: boolean
}

export function conditionReader(
  scope: Scope,
  resolved: ResolvedLandscape,
  { besides = [], mayBeSwitch = false }: Reading = {},
): Condition {
  return (frame, key) => {
    const path = frame.at(key)
    const known = scope.expressions.condition(String(frame.get(key)), path)
    const { vocabulary } = resolved
    const words = { ...vocabulary, quantities: [...vocabulary.quantities, ...besides] }
    const text = rewrite(known, words, scope, path)
    checkVaries(known, words, mayBeSwitch, path)
    return text
  }
}

/** Refuses a condition that has the same value at every point and is therefore decided before the trial begins. */
function checkVaries(known: KnownExpression, words: Vocabulary, mayBeSwitch: boolean, path: Path): void {
  if (known.arrays.size > 0) return
  const coordinates = words.variables ?? ['x']
  const isVarying = (name: string) => coordinates.includes(name) || words.quantities.includes(name)
  if (mayBeSwitch ? known.names.size > 0 : [...known.names].some(isVarying)) return
  throw new Mistake('CONSTANT', path, { value: known.text })
}
