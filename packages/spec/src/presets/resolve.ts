import type { FormulaLandscape } from '../cell.ts'
import { placed } from '../document/source.ts'
import { reported } from '../mistakes.ts'
import { resolveLandscape as resolve } from '../resolve/landscape.ts'
import type { Minimum } from '../resolve/minima.ts'
import { Scope } from '../resolve/scope.ts'
import { createSharedResources } from '../resolve/sharedResources.ts'
import type { SpecDocument } from '../schema/spec.ts'

export interface ResolvedPreset {
  readonly landscape: FormulaLandscape
  readonly minima: readonly Minimum[]
}

/**
 * Returns the minima of a preset, and its landscape in the form that cells contain. Throws a SpecError for an unknown
 * name or parameter.
 */
export function resolveLandscape(
  preset: string,
  choices: { readonly dimension?: number; readonly parameters?: Readonly<Record<string, number>> } = {},
): ResolvedPreset {
  const value = { version: 1, landscape: { preset, ...choices } }
  const source = { value, place: () => ({ source: preset, line: null, column: null }) }
  return reported(() =>
    placed(
      () => source,
      () => {
        const { landscape, minima } = resolve(new Scope(value as unknown as SpecDocument, createSharedResources()))
        return { landscape: landscape as FormulaLandscape, minima: minima.all }
      },
    ),
  )
}
