import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import { expect, test } from 'vitest'
import { controls } from '../chaos/controls.ts'

// The builds without a safeguard run with `npm run test:chaos` alone. What they take out must be there every day.
test.each(controls)('what the control $name takes out stands in the source once', ({ replacements }) => {
  for (const { file, snippet, by } of replacements) {
    const parts = readFileSync(join(root, file), 'utf8').split(snippet)
    expect([file, parts.length - 1]).toEqual([file, 1])
    expect(by).not.toBe(snippet)
  }
})
