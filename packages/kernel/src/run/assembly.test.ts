import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('assembly.generated.ts is current (else run node packages/kernel/generate.mjs)', () => {
  const script = fileURLToPath(new URL('../../generate.mjs', import.meta.url))
  expect(spawnSync(process.execPath, [script, '--check']).status).toBe(0)
})
