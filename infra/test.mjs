// npm test: set up what is due, then run the tests; the last line counts them.
//   --full       also the slow tier; NAMES after it are parts of it (packages/kernel test/e2e ...)
//   --coverage   print the lines and branches that the tests reach
//   --last       run nothing: what ran last and when, a line a file
// Everything else goes to vitest: --changed [SINCE] runs what a change reaches, `-t TEXT` what is named so.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { printRecord, writeRecord } from './record.mjs'
import { root } from './root.mjs'
import { setup } from './setup.mjs'

const own = ['--full', '--coverage', '--last']
const given = process.argv.slice(2)
const tier = given.includes('--full') ? 'full' : 'default'
const rest = given.filter((argument) => !own.includes(argument))
if (given.includes('--last')) {
  printRecord(tier, testFiles())
  process.exit(0)
}
if (given.includes('--coverage')) {
  rest.push('--coverage.enabled', '--coverage.reporter=text-summary')
}
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
  // Only whole files count as having run, and what was not named is not skipped.
  if (rest.some((argument) => /^(-t|--testNamePattern)/.test(argument))) skipped = 0
  else writeRecord(tier, counts, commitNow())
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

function commitNow() {
  const git = (...words) => spawnSync('git', words, { cwd: root, encoding: 'utf8' }).stdout ?? ''
  return { commit: git('rev-parse', '--short', 'HEAD').trim(), dirty: git('status', '--porcelain').trim() !== '' }
}

/** All files of tests, as vitest finds them. */
function testFiles() {
  const found = []
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (entry.isDirectory() && !/^(node_modules|dist)$/.test(entry.name)) walk(`${folder}/${entry.name}`)
      else if (entry.name.endsWith('.test.ts')) found.push(`${folder}/${entry.name}`)
    }
  }
  walk('packages')
  walk('test')
  return found
}
