import type { Source } from '../document/source.ts'
import { isMapping, isWithin, type Mapping, own, type Path, valueAt } from '../document/value.ts'
import { axisMistake, Mistake, wrongType } from '../errors.ts'
import { frameAt, Scope } from '../field/frame.ts'
import type { SharedResources } from '../field/sharedResources.ts'
import { collectEach } from '../mistakes.ts'
import { isCutRemainder } from '../words/flowStyle.ts'
import { shapeHint } from '../words/shapeHint.ts'
import { designAxis, isDesign } from './design.ts'
import { axisForms, designForms, placesOf, sweptNames } from './forms.ts'
import { type Axis, axisOf, type Column, inOrder, listColumn, rangeColumn, type Written } from './grid.ts'
import { resolveRange, searchedAxis } from './range.ts'
import { refuseNested, singleValue } from './singleValue.ts'
import { csvAxis, listValues, tableAxis } from './table.ts'

/** Runs `work` and returns its value. If `work` throws mistakes, records them and returns null. */
export type Attempt = <T>(work: () => T) => T | null

/**
 * Returns the axes without mistakes, ordered by path. The ends of a range may refer to numbers of the document that are
 * not swept themselves.
 */
export function readAxes(source: Source, library: SharedResources, attempt: Attempt): readonly Axis[] {
  const document = source.value as Mapping
  const sweep = attempt(() => sweepOf(document)) ?? {}
  const forms = attempt(() => given(document)) ?? []
  const axes: Axis[] = []
  const keep = (made: readonly Axis[] | null) => axes.push(...(made ?? []))
  for (const { form, value, path } of forms) {
    if (form === 'points') keep(attempt(() => [pointsAxis({ value, path, source }, library)]))
  }
  const swept = [...sweptNames(document), ...axes.flatMap(({ columns }) => columns.map(({ name }) => name))].map(
    (name) => name.split('.'),
  )
  const scope = new Scope(document, library, (path) => swept.some((outer) => isWithin(path, outer)))
  const isRemainder = isCutRemainder(sweep)
  for (const name of Object.keys(sweep)) {
    if (axisForms.includes(name) || isRemainder(name)) continue
    keep(attempt(() => [axisOf([columnOf(name, own(sweep, name), { source, path: ['sweep', name] }, scope)])]))
  }
  for (const { form, value, path } of forms) {
    if (form === 'zip') keep(attempt(() => zipAxes(value, path, source, scope)))
    else if (form === 'threshold') keep(attempt(() => [searchedAxis({ path, source }, scope)]))
    else if (isDesign(form)) keep(attempt(() => [designAxis({ form, value, path, source }, scope)]))
  }
  return axes.sort(inOrder)
}

function sweepOf(document: Mapping): Mapping {
  const sweep = own(document, 'sweep') ?? {}
  if (isMapping(sweep)) return sweep
  const expected = 'a mapping of dotted paths to lists of values'
  const hint = shapeHint(['sweep'], sweep, expected)
  throw new Mistake('WRONG_TYPE', ['sweep'], { value: sweep, expected, hint })
}

/** The condition `where`, which is inside `sweep` or at the top of the document. */
export function whereOf(document: Mapping): { text: string; path: Path } | null {
  const [path] = placesOf(document, 'where')
  if (path === undefined) return null
  const text = valueAt(document, path)
  if (typeof text === 'string') return { text, path }
  throw wrongType(path, text, 'a condition on the swept values, such as "eta < 0.5"')
}

function given(document: Mapping): { form: string; value: unknown; path: Path }[] {
  return axisForms.flatMap((form) => {
    const [path, other] = placesOf(document, form)
    if (other !== undefined) throw new Mistake('DUPLICATE_KEY', other, { word: form }, 'key')
    return path === undefined ? [] : [{ form, value: valueAt(document, path), path }]
  })
}

function columnOf(name: string, value: unknown, keyAt: Written, scope: Scope): Column {
  const { source, path } = keyAt
  if (Array.isArray(value)) {
    const values = listValues(value, path, scope.expressions)
    return listColumn(name, values, { keyAt, writtenAt: (i) => ({ source, path: [...path, i] }) })
  }
  if (!isMapping(value)) throw new Mistake('AXIS', path, { value, ...singleValue(value) })
  if (isMapping(own(value, 'axes'))) {
    const hint = `the designs are ${designForms.join(' and ')}`
    throw new Mistake('AXIS', path, { value: name, reason: 'no design has this name', hint }, 'key')
  }
  refuseNested(name, value, path)
  const { length, at } = resolveRange(frameAt(scope.root, path))
  return rangeColumn(name, length, at, keyAt)
}

function zipAxes(value: unknown, path: Path, source: Source, scope: Scope): Axis[] {
  const groups = Array.isArray(value)
    ? value.map((group, i) => ({ group, at: [...path, i] as Path }))
    : [{ group: value as unknown, at: path }]
  return collectEach(groups, ({ group, at }) => {
    if (!isMapping(group) || Object.keys(group).length === 0) {
      throw axisMistake(at, group, 'it has no axes', 'write {path: [..], path: [..]}')
    }
    const columns = collectEach(Object.keys(group), (name) =>
      columnOf(name, own(group, name), { source, path: [...at, name] }, scope),
    )
    const other = columns.find(({ length }) => length !== columns[0]!.length)
    if (other !== undefined) {
      const first = columns[0]!
      const reason = `the number of values is ${other.length} for ${other.name}, but ${first.length} for ${first.name}`
      throw axisMistake([...at, other.name], other.name, reason, 'zipped axes must have the same number of values')
    }
    return axisOf(columns)
  })
}

function pointsAxis(
  { value, path, source }: { readonly value: unknown; readonly path: Path; readonly source: Source },
  { expressions, files }: SharedResources,
): Axis {
  if (Array.isArray(value) && value.every(isMapping)) return tableAxis(value, path, source, expressions)
  const file = isMapping(value) && Object.keys(value).length === 1 ? own(value, 'csv') : undefined
  if (typeof file !== 'string') throw wrongType(path, value, 'a list of {path: value, ..} or {csv: FILE}')
  return csvAxis(files.records(file, [...path, 'csv']), file, expressions)
}
