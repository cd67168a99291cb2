// npm run gallery [-- NAME ...] [--small]: runs the specs of the gallery, draws their figures and writes their tables
// into docs/gallery, between the comments `<!-- table NAME -->` and `<!-- /table NAME -->`, and the list of its
// index.md. `--small` runs a few trials of each, prints the comparison and writes nothing. The exit code is 1 if a row
// disagrees. If DRIFTFARM_HOME is set, an interrupted run continues there; otherwise a temporary folder is used.
// npm run gallery -- --exact prints the exact values of the pages about splitting.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { startEmbedded } from '@driftfarm/database'
import { driftfarm } from '@driftfarm/testing/command'
import { entries } from './entries.ts'
import { type Command, figuresOf } from './entry.ts'
import { printExact } from './exact.ts'
import { computing, disagreeing, type Outcome, writeOverview, writePage } from './page.ts'
import { reproduced } from './reproduce.ts'
import { root } from './study.ts'
import { seconds, theirsText, withLimits } from './text.ts'

const folder = join(root, 'docs/gallery')
const built = join(root, 'packages/cli/bin/driftfarm.js')

const given = process.argv.slice(2)
if (given.includes('--exact')) {
  printExact()
  process.exit(0)
}
const small = given.includes('--small')
const names = given.filter((word) => word !== '--small')
const unknown = names.filter((name) => !entries.some((entry) => entry.name === name))
if (unknown.length > 0) {
  const known = entries.map(({ name }) => name).join(', ')
  process.stderr.write(`unknown names: ${unknown.join(', ')}; the gallery has ${known}\n`)
  process.exit(2)
}

const kept = env.DRIFTFARM_HOME
const home = kept ?? mkdtempSync(join(tmpdir(), 'driftfarm-gallery-'))
// With this folder each landscape is compiled only once.
mkdirSync(join(home, 'cache'), { recursive: true })

/** The exit code of `run` if the limits of a threshold are wide. The rows of the entry judge these limits. */
const notLocated = 3

const command: Command = (words) =>
  new Promise((resolve, reject) => {
    const { DATABASE_URL: _, REDIS_URL: __, DRIFTFARM_URL: ___, ...rest } = env
    const child = spawn(execPath, [built, ...words], {
      cwd: root,
      env: { ...rest, DRIFTFARM_HOME: home, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0 || code === notLocated) resolve(printed)
      else reject(new Error(`driftfarm ${words.join(' ')} ended with exit code ${code ?? signal}`))
    })
  })

/** The same in this process. The compiler of landscapes stays loaded, since startup dominates the small tier. */
const here: Command = async (words) => {
  const { code, stdout, stderr } = await driftfarm(words, { home })
  if (code !== 0 && code !== notLocated)
    throw new Error(`driftfarm ${words.join(' ')} ended with exit code ${code}: ${stderr}`)
  return stdout
}

/** The comparison of an entry, one line a row. */
function comparison({ rows, shown }: Outcome): string {
  const mark = (agrees: boolean | null) => (agrees === null ? ' ' : agrees ? '+' : '!')
  return rows
    .map(({ row, agrees }, at) => {
      const numbers = `${theirsText(row.theirs)} | ${withLimits(shown[at]!)}`
      return `  ${mark(agrees)} ${row.labels.join(', ')} | ${numbers}\n`
    })
    .join('')
}

// One server for all commands; otherwise each would start and stop its own.
const server = await startEmbedded({ home })
let against = 0
try {
  for (const entry of entries.filter(({ name }) => names.length === 0 || names.includes(name))) {
    process.stdout.write(entry.name)
    const started = performance.now()
    const outcome = await reproduced(entry, small ? { command: here, small: home } : { command, small: null })
    const [trials, all] = [computing(outcome), (performance.now() - started) / 1000]
    process.stdout.write(
      ` (${seconds(trials)} s of computing time over all threads, ${seconds(all)} s in total)\n${comparison(outcome)}`,
    )
    against += disagreeing(outcome).length
    if (small) continue
    for (const [name, options] of figuresOf(entry))
      await command(['figure', outcome.results.sweep.name, ...options, '-o', join(folder, 'images', `${name}.svg`)])
    // Each entry is written at once, so a later failure does not lose it.
    writePage(folder, outcome)
    writeOverview(folder, [outcome])
  }
} finally {
  await server.close()
  if (kept === undefined && existsSync(home)) rmSync(home, { recursive: true, force: true })
}
process.exit(against > 0 ? 1 : 0)
