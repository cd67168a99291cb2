import { isWithin, type Path, valueAt } from '../document/path.ts'
import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { flowStyle } from '../words/flowStyle.ts'
import { unknownKey } from '../words/unknownKey.ts'

/**
 * Replaces all mistakes in `rule: { adam: { .. } }` or `rule: { name: adam, .. }` by one. Without this function,
 * each key of the mapping would be reported as unknown.
 */
export function withoutRuleMapping(mistakes: readonly Mistake[], written: unknown): readonly Mistake[] {
  const path = ['update', 'rule']
  const rule = valueAt(written, path)
  if (!isMapping(rule) || rule.custom !== undefined) return mistakes
  const name = rule.name ?? rule.type ?? Object.keys(rule)[0] ?? 'gradient'
  const hint = `write \`rule: ${name}\`, and the parameters of the rule as further keys of \`update:\``
  const mistake = new Mistake('WRONG_TYPE', path, { value: rule, expected: 'the name of a rule', hint })
  return [...mistakes.filter((other) => !isWithin(other.path, path)), mistake]
}

export function unknownKeyOf(path: Path, word: string, known: readonly string[], mapping: unknown): Mistake {
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
export function withoutFlatRows(mistakes: readonly Mistake[], written: unknown): readonly Mistake[] {
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
  return new Mistake('WRONG_TYPE', path, {
    value: list,
    expected: isFile ? 'a list of column names' : 'a list of rows',
    hint,
  })
}
