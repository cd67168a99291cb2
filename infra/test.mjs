// npm test: set up what is due, then run the tests; the last line counts them. --full adds the slow tier.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { root } from './root.mjs'
import { setup } from './setup.mjs'

const given = process.argv.slice(2)
const tier = given.includes('--full') ? 'full' : 'default'
const rest = given.filter((argument) => argument !== '--full')
try {
  await setup()
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
const folder = mkdtempSync(join(tmpdir(), 'driftfarm-test-'))
const report = join(folder, 'report.json')
const run = basename(folder)
const vitest = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...rest,
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, DRIFTFARM_TEST_TIER: tier, DRIFTFARM_TEST_RUN: run } },
)
let passed = 0
let failed = 0
let skipped = 0
try {
  const counts = JSON.parse(readFileSync(report, 'utf8'))
  passed = counts.numPassedTests
  failed =
    counts.numFailedTests +
    counts.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  skipped = counts.numPendingTests + (counts.numTodoTests ?? 0)
} catch {
  failed = 1
}
removeHomes()
rmSync(folder, { recursive: true, force: true })
// Unhandled errors fail a run without failing a test; and in CI a skipped test is a failed one.
if (vitest.status !== 0 && failed === 0) failed = 1
if (process.env.CI && skipped > 0) failed += skipped
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)

/** The servers of this run: their homes, and their data where that is elsewhere. */
function removeHomes() {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(`driftfarm-test-${run}-`))) {
    const record = join(tmpdir(), name, 'server.json')
    const place = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')).place : null
    if (place) rmSync(place, { recursive: true, force: true })
    rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}
