import { countText, evaluate } from '@driftfarm/formula'
import { readValue } from '../document/read.ts'
import type { Source } from '../document/source.ts'
import { type Mapping, own, type Path } from '../document/value.ts'
import { axisMistake, Mistake, missing } from '../errors.ts'
import type { Expressions } from '../field/expressions.ts'
import type { CsvRecord } from '../files/scanner.ts'
import { type Axis, axisOf, listColumn } from './grid.ts'

/** An expression without names is replaced by its value, so that results show the number. */
export function listValues(values: readonly unknown[], path: Path, expressions: Expressions): readonly unknown[] {
  if (values.length === 0) {
    throw axisMistake(path, values, 'it has no values', 'write at least one value')
  }
  const hasText = values.some((value) => typeof value === 'string')
  return hasText ? values.map((value, i) => constantOf(value, [...path, i], expressions)) : values
}

function constantOf(value: unknown, path: Path, expressions: Expressions): unknown {
  if (typeof value !== 'string' || !/^\s*=/.test(value)) return value
  const { expression, names, arrays } = expressions.number(value, path)
  if (names.size > 0 || arrays.size > 0) return value
  const number = evaluate(expression, () => Number.NaN)
  return typeof number === 'number' && Number.isFinite(number) ? number : value
}

export function tableAxis(rows: readonly Mapping[], path: Path, source: Source, expressions: Expressions): Axis {
  const names = Object.keys(rows[0] ?? {})
  if (names.length === 0) {
    throw axisMistake(path, rows, 'it has no values', 'write at least one {path: value}')
  }
  for (const [i, row] of rows.entries()) {
    const lost = names.find((name) => !Object.hasOwn(row, name))
    if (lost !== undefined) throw missing([...path, i, lost], `${lost}, as in the first point`)
    const extra = Object.keys(row).find((name) => !names.includes(name))
    if (extra !== undefined)
      throw new Mistake(
        'UNKNOWN_PATH',
        [...path, i, extra],
        { word: extra, known: names, hint: 'each point must have the same paths as the first point' },
        'key',
      )
  }
  return axisOf(
    names.map((name) => {
      const values = rows.map((row) => own(row, name))
      const writtenAt = (index: number) => ({ source, path: [...path, index, name] })
      return listColumn(name, listValues(values, path, expressions), { keyAt: writtenAt(0), writtenAt })
    }),
  )
}

/**
 * The axis of `points: {csv: FILE}`. The header of the file contains the paths, and each further line is one cell.
 * Values are read as YAML.
 */
export function csvAxis([header, ...records]: readonly CsvRecord[], file: string, expressions: Expressions): Axis {
  // The paths of this source have the form [line, index of the column, ...].
  const source: Source = {
    value: null,
    place: ([line, column]) => ({ source: file, line: Number(line), column: Number(column) + 1 }),
  }
  const fail = (line: number, reason: string): never => {
    throw new Mistake('CSV', [], { reason }, 'value', { source: file, line, column: 1 })
  }
  if (header === undefined || records.length === 0) return fail(1, 'it has no lines below the header')
  for (const { line, fields } of records) {
    if (fields.length !== header.fields.length)
      fail(line, `expected ${countText(header.fields.length, 'value')} in this line, found ${fields.length}`)
  }
  return axisOf(
    header.fields.map((field, column) => {
      const name = field.trim()
      const cells = records.map(({ line, fields }) => fieldValue(fields[column]!, `${file}:${line}`, name === 'seed'))
      const writtenAt = (index: number) => ({ source, path: [records[index]!.line, column] })
      const keyAt = { source, path: [header.line, column] }
      return listColumn(name, listValues(cells, [], expressions), { keyAt, writtenAt })
    }),
  )
}

function fieldValue(field: string, name: string, isSeed: boolean): unknown {
  const text = field.trim()
  return text === '' ? text : readValue(text, name, isSeed)
}
