import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { assembly } from './assembly.generated.ts'

it('assembly.generated.ts is current (else run node packages/kernel/generate.mjs)', () => {
  const folder = new URL('../../assembly/', import.meta.url)
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts'))
  expect(Object.fromEntries(names.map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]))).toEqual(assembly)
})
