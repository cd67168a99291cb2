import type { Frame } from './frame.ts'
import type { ResolvedLandscape } from './landscape.ts'
import type { Scope } from './scope.ts'
import { rewrite } from './vocabulary.ts'

/** Canonical print of the condition at `key` of `frame`. */
export type Condition = (frame: Frame, key: string) => string

/** `besides`: quantities that these conditions know and others do not. */
export function conditionReader(
  scope: Scope,
  { vocabulary }: ResolvedLandscape,
  besides: readonly string[] = [],
): Condition {
  const quantities = [...vocabulary.quantities, ...besides]
  const names = scope.letNames
  return (frame, key) => {
    const path = frame.at(key)
    const known = scope.expressions.condition(String(frame.get(key)), path)
    return rewrite(known, { ...vocabulary, quantities }, (name) => scope.letNumber(name), names, path)
  }
}
