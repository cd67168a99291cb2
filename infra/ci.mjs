// Continuous integration on a clean clone. It installs the programs that tests need and creates an ordinary user. As
// this user, in a copy of the checkout, it sets up, runs the static checks and all tests. Test files that need root run
// once more as root. If CI is not started as root, it does the same in the checkout itself, except for what needs root.
// With `--full`, the tests are those of the full tier. Then test files that need a program run once more without any
// program, where they must pass or skip.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { installPrograms } from './programs.mjs'
import { readRecord } from './record.mjs'
import { root } from './root.mjs'

const name = 'driftfarm-ci'
const isRoot = process.getuid?.() === 0
const full = process.argv.includes('--full')
process.umask(0o022)
process.env.CI = 'true'

const user = isRoot ? ordinaryUser() : null
if (isRoot) await timed('programs', async () => installPrograms({}))
const checkout = user === null ? root : copyFor(user)
let passed = 0
let failed = 0
try {
  await timed('set-up', () => node(['infra/setup.mjs'], user))
  if ((await timed('static checks', () => node(['infra/check.mjs'], user))).status !== 0) failed++
  else {
    await tests('all tests', full ? ['--full'] : [], user)
    const record = Object.entries(readRecord(full ? 'full' : 'default', checkout))
    const needing = (isSo) => record.flatMap(([file, { needs }]) => (needs.some(isSo) ? [file] : []))
    const withPrograms = needing((need) => need !== 'root' && need !== 'linux')
    const withRoot = needing((need) => need === 'root')
    // Both at once, since many of these tests wait for servers. Each prints its output when it ends. Both lists are
    // empty if the first run did not finish.
    await Promise.all([
      full &&
        withPrograms.length > 0 &&
        tests('without programs', ['--without-programs', ...withPrograms], user, 'at its end'),
      isRoot && withRoot.length > 0 && tests('as root', withRoot, null, 'at its end'),
    ])
  }
} finally {
  if (user !== null) rmSync(dirname(checkout), { recursive: true, force: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)

/** Runs `npm test` with these arguments, and adds the counts in its last line. */
async function tests(what, words, as, prints = 'at once') {
  const { status, output } = await timed(what, () => node(['infra/test.mjs', ...words], as, prints))
  const [, ok = 0, not = 0] = /^(\d+) passed, (\d+) failed/.exec(output.trimEnd().split('\n').at(-1)) ?? []
  passed += Number(ok)
  failed += status === 0 ? Number(not) : Math.max(Number(not), 1)
}

async function timed(what, work) {
  const began = Date.now()
  console.log(`== ${what}`)
  const result = await work()
  console.log(`== ${what}: ${Math.round((Date.now() - began) / 1_000)} s`)
  return result
}

/** Runs Node in the checkout. Its output is passed on and returned. */
function node(words, as, prints = 'at once') {
  return new Promise((resolve, reject) => {
    const identity = as === null ? {} : { uid: as.uid, gid: as.gid, env: environmentOf(as) }
    const child = spawn(process.execPath, words, { cwd: checkout, stdio: ['ignore', 'pipe', 'inherit'], ...identity })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      if (prints === 'at once') process.stdout.write(text)
      output += text
    })
    child.on('error', reject)
    child.on('close', (status) => {
      if (prints === 'at its end') process.stdout.write(output)
      resolve({ status, output })
    })
  })
}

/** The environment after a login: nothing from root's home or from the npm process that may have started this. */
function environmentOf({ home }) {
  const own = Object.entries(process.env).filter(([key]) => !/^(npm_|XDG_|PYENV_)/i.test(key))
  const path = [...new Set([dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'])].join(delimiter)
  return { ...Object.fromEntries(own), PATH: path, HOME: home, USER: name, LOGNAME: name }
}

function ordinaryUser() {
  if (spawnSync('id', [name]).status !== 0) command('useradd', '--create-home', name)
  const [, , uid, gid, , home] = command('getent', 'passwd', name).trim().split(':')
  return { uid: Number(uid), gid: Number(gid), home }
}

/** A clone that belongs to the user, in a folder that others cannot enter. */
function copyFor({ uid, gid }) {
  const folder = mkdtempSync(join(tmpdir(), 'driftfarm-ci-'))
  const copy = join(folder, 'checkout')
  command('git', 'clone', '--quiet', '--no-hardlinks', root, copy)
  command('chown', '--recursive', `${uid}:${gid}`, folder)
  return copy
}

function command(program, ...words) {
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} failed: ${error?.message ?? stderr}`)
  return stdout
}
