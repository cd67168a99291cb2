import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { generate } from '../generate.mjs'

it('assembly.generated.ts is current (else run node packages/kernel/generate.mjs)', () => {
  expect(readFileSync(new URL('assembly.generated.ts', import.meta.url), 'utf8')).toBe(generate())
})
