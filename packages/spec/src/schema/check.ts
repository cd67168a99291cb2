import type * as z from 'zod'
import { holdsBroken, isBroken, isMapping, isWithin, type Path, valueAt, withBroken } from '../document/value.ts'
import { Mistake, missing, wrongType } from '../errors.ts'
import { knownKeys } from '../field/field.ts'
import { limits } from '../limits.ts'
import { flowStyle, isCutRemainder } from '../words/flowStyle.ts'
import { examples, shapeHint } from '../words/shapeHint.ts'
import { likeIdentifier, likeSweepName, unknownKey, unknownWord } from '../words/unknownKey.ts'
import { documentSchema, type SpecDocument } from './spec.ts'

/**
 * Checks the shape of a document, except its version. Ranges of numbers are checked when expressions are evaluated. In
 * `document`, values of the wrong shape are marked as broken.
 */
export function checkShape(written: unknown) {
  const { success, error, data } = documentSchema.safeParse(written)
  if (success) return { document: data, mistakes: [] }
  const found = error.issues
    .flatMap((issue) => mistakesOf(issue, [], written))
    .filter(({ path }) => path[0] !== 'version')
  const mistakes = withoutRuleMapping(withoutFlatRows(found, written), written).slice(0, limits.shapeErrors)
  const document = mistakes.reduce<unknown>(
    (document, { path }) => withBroken(document, path, valueAt(written, path)),
    written,
  )
  return { document: document as SpecDocument, mistakes }
}

function mistakesOf(issue: z.core.$ZodIssue, above: Path, document: unknown): Mistake[] {
  const path = [...above, ...(issue.path as (string | number)[])]
  const value = valueAt(document, path)
  if (isBroken(document, path)) return []
  switch (issue.code) {
    case 'unrecognized_keys': {
      const isRemainder = isCutRemainder(value)
      return (
        issue.keys
          .filter((word) => !isRemainder(word))
          // Keys beyond the limit are not reported, so no hints are computed for them.
          .slice(0, limits.shapeErrors)
          .map((word) => unknownKeyOf(path, word, knownKeys(issue.message), value))
      )
    }
    case 'invalid_key': {
      const name = String(path.at(-1))
      const like = likeIdentifier(name)
      const reason = `it must be ${issue.issues[0]!.message}`
      const hint = like === null ? null : `write ${like}`
      return [new Mistake('NAME_REFUSED', path, { value: name, reason, hint, fix: like ?? undefined }, 'key')]
    }
    case 'custom': {
      const params = issue.params as { known: string[]; reason: string }
      // If the mapping contains an unknown key, only that key is reported.
      const isOther = isMapping(value) && Object.keys(value).length > 0 && params.reason === 'none'
      return isOther ? [] : [new Mistake('EXACTLY_ONE', path, params)]
    }
    case 'invalid_union': {
      const nearest = value === undefined ? undefined : issue.errors.find((issues) => isInside(issues, value))
      if (nearest === undefined) return holdsBroken(value) ? [] : [wrong(path, value, issue.message)]
      return nearest.flatMap((inner) => mistakesOf(inner, path, document))
    }
    case 'invalid_value':
      if (typeof value === 'string') return [unknownWord(path, value, issue.values.map(String))]
      return [wrong(path, value, issue.message)]
    case 'invalid_format':
      return [
        issue.message.startsWith('a name') ? wrongName(path, value, issue.message) : wrong(path, value, issue.message),
      ]
    default:
      return [wrong(path, value, issue.message)]
  }
}

function wrong(path: Path, value: unknown, expected: string): Mistake {
  if (value === undefined) return missing(path, examples.get(path.join('.')) ?? expected)
  const hint = shapeHint(path, value, expected)
  const meant = path.join('.') === 'trials' && isMapping(value) ? { meant: ['trial'] } : {}
  return new Mistake('WRONG_TYPE', path, { value, expected, hint, ...meant })
}

function wrongName(path: Path, value: unknown, expected: string): Mistake {
  const like = (path.join('.') === 'name' ? likeSweepName : likeIdentifier)(String(value))
  const hint = like ? `write ${like}` : 'choose another name'
  return new Mistake('WRONG_TYPE', path, { value, expected, hint, fix: like || undefined })
}

/**
 * `issues` are the errors of one branch of a union. Returns true if this branch accepts the type of `value`, so that
 * the errors concern the content of `value`.
 */
function isInside(issues: readonly z.core.$ZodIssue[], value: unknown): boolean {
  const first = issues[0]
  if (first === undefined) return false
  if (first.path.length > 0 || first.code === 'too_small') return true
  if (isMapping(value)) return first.code === 'unrecognized_keys' || first.code === 'custom'
  return typeof value === 'string' && first.code === 'invalid_value' && first.values.length > 1
}

/**
 * Replaces all mistakes in `rule: { adam: { .. } }` or `rule: { name: adam, .. }` by one. Without this function,
 * each key of the mapping would be reported as unknown.
 */
function withoutRuleMapping(mistakes: readonly Mistake[], written: unknown): readonly Mistake[] {
  const path = ['update', 'rule']
  const rule = valueAt(written, path)
  if (!isMapping(rule) || rule.custom !== undefined) return mistakes
  const name = rule.name ?? rule.type ?? Object.keys(rule)[0] ?? 'gradient'
  const hint = `write \`rule: ${name}\`, and the parameters of the rule as further keys of \`update:\``
  const mistake = wrongType(path, rule, 'the name of a rule', hint)
  return [...mistakes.filter((other) => !isWithin(other.path, path)), mistake]
}

function unknownKeyOf(path: Path, word: string, known: readonly string[], mapping: unknown): Mistake {
  const rule = isMapping(mapping) ? String(mapping.rule ?? 'gradient').toLowerCase() : ''
  if (path.join('.') !== 'update' || word !== 'momentum' || /^(momentum|nesterov|nag)$/.test(rule))
    return unknownKey(path, word, known)
  const hint = 'write `rule: momentum`, and give the factor as `beta:`'
  return new Mistake('UNKNOWN_KEY', [...path, word], { word, known, hint, meant: [...path, 'beta'] }, 'key')
}

/**
 * Reports a flat list of numbers once, where rows or column names are needed. Without this function, each number of the
 * list would be reported.
 */
function withoutFlatRows(mistakes: readonly Mistake[], written: unknown): readonly Mistake[] {
  const lists = new Set<string>()
  return mistakes.flatMap((mistake) => {
    const { code, path } = mistake
    const list = path.slice(0, -1)
    const isRow = code === 'WRONG_TYPE' && /^(inputs|targets)$/.test(String(path.at(-2))) && list.includes('data')
    if (!isRow || typeof valueAt(written, path) !== 'number') return [mistake]
    const place = list.join('.')
    if (lists.has(place)) return []
    lists.add(place)
    return [flatRows(list, valueAt(written, list) as readonly unknown[], valueAt(written, list.slice(0, -1)))]
  })
}

function flatRows(path: Path, list: readonly unknown[], data: unknown): Mistake {
  const isFile = isMapping(data) && data.csv !== undefined
  const rows = list.map((item) => (typeof item === 'number' ? [item] : item))
  const hint = isFile
    ? 'write column names from the first line of the file'
    : `write one row [..] per sample: ${flowStyle(rows) ?? '[[..], [..], ..]'}`
  return wrongType(path, list, isFile ? 'a list of column names' : 'a list of rows', hint)
}
