import { defineConfig } from 'vitest/config'

// For test/infra/counts.test.ts: files that fail in every way that there is.
export default defineConfig({ test: { include: ['*.case.ts'], hookTimeout: 100, testTimeout: 5_000, allowOnly: true } })
