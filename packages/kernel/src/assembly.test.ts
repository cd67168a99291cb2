import { expect, it } from 'vitest'
import { assembly } from './assembly.generated.ts'

it('assembly.generated.ts is current (else run node packages/kernel/generate.mjs)', () => {
  const files = import.meta.glob<string>('../assembly/*.ts', { query: '?raw', import: 'default', eager: true })
  const sources = Object.entries(files).map(([path, text]) => [path.replace('../assembly/', ''), text])
  expect(Object.fromEntries(sources)).toEqual(assembly)
})
