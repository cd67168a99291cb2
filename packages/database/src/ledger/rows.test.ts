import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { columns } from './rows.ts'

it('selects columns under the names of the model’s fields', () => {
  expect(columns<'Batch'>('b', 'first', 'cpuSeconds')).toBe('b."first", b."cpu_seconds" as "cpuSeconds"')
  // @ts-expect-error: a field that the model has not
  expect(columns<'Sweep'>('s', 'nmae')).toBe('s."nmae"')
})

it('knows the column of every field, as schema.prisma maps it', () => {
  const columnOf: (table: string, field: string) => string = columns as never
  const schema = readFileSync(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8')
  const mapped = [...schema.matchAll(/^ {2}(\w+) .*@map\("(\w+)"\)/gm)]
  expect(mapped.length).toBeGreaterThan(30)
  for (const [, field = '', column = ''] of mapped) expect(columnOf('t', field)).toBe(`t."${column}" as "${field}"`)
  const plain = [...schema.matchAll(/^ {2}(\w+) +(?:String|Int|BigInt|Float|Json|DateTime|Boolean)\b(?!.*@map)/gm)]
  expect(plain.length).toBeGreaterThan(60)
  for (const [, field = ''] of plain) expect(columnOf('t', field)).toBe(`t."${field}"`)
})
