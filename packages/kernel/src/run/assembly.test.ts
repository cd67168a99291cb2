import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runtime } from './runtime.ts'
import { runtimeHash } from './runtimeHash.generated.ts'

it('assembly.generated.ts is current (else run node packages/kernel/generate.mjs)', () => {
  const script = fileURLToPath(new URL('../../generate.mjs', import.meta.url))
  expect(spawnSync(process.execPath, [script, '--check']).status).toBe(0)
})

it('runtimeHash.generated.ts is current (else run npm run generate)', () => {
  const text = Object.entries(runtime).flat().join('\n')
  expect(runtimeHash).toBe(createHash('sha256').update(text).digest('hex'))
})
