// npm test: set up what is due, then run the tests; the last line counts them.
//   --full               also the slow tier; NAMES after it select parts of it (packages/kernel test/e2e ...)
//   --coverage           print which lines and branches the tests cover
//   --without-programs   as on a machine with only Node: no program of programs.json is on PATH
//   --last               run nothing; print the last run of each test file
// Other arguments go to vitest: --changed [SINCE] runs tests that a change affects, `-t TEXT` tests with this name.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { closingOf } from './closing.mjs'
import { pathWithoutPrograms } from './programs.mjs'
import { printRecord, writeRecord } from './record.mjs'
import { root } from './root.mjs'
import { setup } from './setup.mjs'

const own = ['--full', '--coverage', '--without-programs', '--last']
const given = process.argv.slice(2)
const tier = given.includes('--full') ? 'full' : 'default'
const withoutPrograms = given.includes('--without-programs')
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
const run = basename(folder)
const env = {
  ...process.env,
  DRIFTFARM_TEST_TIER: tier,
  DRIFTFARM_TEST_RUN: run,
  DRIFTFARM_TEST_COUNTS: join(folder, 'counts.json'),
}
if (withoutPrograms) env.PATH = pathWithoutPrograms(join(folder, 'bin'))
const vitest = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=infra/counts.mjs', ...rest],
  { cwd: root, stdio: 'inherit', env },
)
const counts = readCounts()
// A file counts as run only if all of its tests ran.
const isNamed = rest.some((argument) => /^(-t|--testNamePattern)/.test(argument))
if (counts !== null && !isNamed && !withoutPrograms) writeRecord(tier, counts, commitNow())
removeHomes()
rmSync(folder, { recursive: true, force: true })
const { passed, failed, lines } = closingOf(counts, { isNamed, isStrict: Boolean(process.env.CI), withoutPrograms })
// Other failures of vitest, such as too little coverage.
if (vitest.status !== 0 && failed === 0)
  lines.push(`vitest ended with ${vitest.status ?? vitest.signal}`, `${passed} passed, 1 failed`)
console.log(lines.join('\n'))
process.exit(vitest.status !== 0 || failed > 0 || passed === 0 ? 1 : 0)

/** Null if vitest did not finish. */
function readCounts() {
  try {
    return JSON.parse(readFileSync(env.DRIFTFARM_TEST_COUNTS, 'utf8'))
  } catch {
    return null
  }
}

/** The servers of this run: their homes, and their data if it is elsewhere. */
function removeHomes() {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(`driftfarm-test-${run}-`))) {
    const record = join(tmpdir(), name, 'server.json')
    const place = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')).place : undefined
    if (place !== undefined) rmSync(place, { recursive: true, force: true })
    rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}

function commitNow() {
  const git = (...words) => spawnSync('git', words, { cwd: root, encoding: 'utf8' }).stdout ?? ''
  return { commit: git('rev-parse', '--short', 'HEAD').trim(), dirty: git('status', '--porcelain').trim() !== '' }
}

/** All test files of the tier, as vitest finds them. */
function testFiles() {
  const found = []
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (entry.isDirectory() && !/^(node_modules|dist)$/.test(entry.name)) walk(`${folder}/${entry.name}`)
      else if (entry.name.endsWith('.test.ts') && (tier === 'full' || !entry.name.endsWith('.slow.test.ts')))
        found.push(`${folder}/${entry.name}`)
    }
  }
  walk('packages')
  walk('test')
  return found
}
