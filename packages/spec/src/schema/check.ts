import type * as z from 'zod'
import { type Path, valueAt } from '../document/path.ts'
import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { knownKeys } from './leaf.ts'
import { documentSchema, type SpecDocument } from './spec.ts'

/** Refuses a document that has not the shape of a spec. Ranges of numbers are for the resolver: they may be expressions. */
export function checkShape(document: unknown): SpecDocument {
  const { success, error, data } = documentSchema.safeParse(document)
  if (success) return data
  throw mistakeOf(error.issues[0]!, [], document)
}

function mistakeOf(issue: z.core.$ZodIssue, above: Path, document: unknown): Mistake {
  const path = [...above, ...(issue.path as (string | number)[])]
  const value = valueAt(document, path)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const word = issue.keys[0]!
      return new Mistake('UNKNOWN_KEY', [...path, word], { word, known: knownKeys(issue.message) }, 'key')
    }
    case 'invalid_key':
      return new Mistake(
        'NAME_REFUSED',
        path,
        { value: path.at(-1), reason: `write ${issue.issues[0]!.message}` },
        'key',
      )
    case 'custom':
      return new Mistake('EXACTLY_ONE', path, issue.params as { known: string[]; reason: string })
    case 'invalid_union': {
      const nearest = value === undefined ? undefined : issue.errors.find((issues) => isInside(issues, value))
      if (nearest !== undefined) return mistakeOf(nearest[0]!, path, document)
      return wrong(path, value, issue.message)
    }
    case 'invalid_value':
      if (typeof value === 'string')
        return new Mistake('UNKNOWN_WORD', path, { value, known: issue.values.map(String) })
      return wrong(path, value, issue.message)
    default:
      return wrong(path, value, issue.message)
  }
}

function wrong(path: Path, value: unknown, expected: string): Mistake {
  return value === undefined
    ? new Mistake('MISSING', path, { expected })
    : new Mistake('WRONG_TYPE', path, { value, expected })
}

/** Whether a branch of a union takes values of this kind and only finds fault with what is inside. */
function isInside(issues: readonly z.core.$ZodIssue[], value: unknown): boolean {
  const first = issues[0]
  if (first === undefined) return false
  if (first.path.length > 0 || first.code === 'too_small') return true
  if (isMapping(value)) return first.code === 'unrecognized_keys' || first.code === 'custom'
  return typeof value === 'string' && first.code === 'invalid_value' && first.values.length > 1
}
