// pnpm check: all static checks - format and lint, types, dependencies between packages, dead exports, generated
// files.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { root } from './root.mjs'
import { setup } from './setup.mjs'

await setup()
const bin = (name) => join(root, 'node_modules/.bin', name)
const steps = [
  ['format and lint', bin('biome'), ['ci', '--reporter=summary', '.']],
  ['types', bin('tsc'), ['-b']],
  ['length of lines', process.execPath, ['infra/lines.mjs']],
  ['style of texts', process.execPath, ['--import', 'tsx', 'infra/style/check.ts']],
  ['package arrows', bin('depcruise'), ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'packages']],
  ['circles and sizes', process.execPath, ['--import', 'tsx', 'infra/house.ts', '--check']],
  ['generated lists', process.execPath, ['--import', 'tsx', 'infra/collect.ts', '--check']],
  ['generated files', process.execPath, ['--import', 'tsx', 'infra/generate.ts', '--check']],
  [
    'generated files of the database',
    process.execPath,
    ['--import', 'tsx', 'packages/database/scripts/main.ts', '--check'],
  ],
  ['dead exports and dependencies', bin('knip'), ['--no-progress']],
  // Exports of an index too. Its types may exist only for readers.
  ['exports without a user', bin('knip'), ['--no-progress', '--include-entry-exports', '--exclude', 'types']],
]
/** As many at a time as there are cores: most steps use one core. */
const waiting = [...steps]
let failed = 0
await Promise.all(Array.from({ length: availableParallelism() }, work))
process.exit(failed > 0 ? 1 : 0)

async function work() {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const [name, command, arguments_] = step
    const started = Date.now()
    const { status, output } = await run(command, arguments_)
    failed += status === 0 ? 0 : 1
    console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    const shown = status === 0 ? output.match(/^warning: .*$/gm)?.join('\n') : output.trim()
    if (shown !== undefined) console.log(shown)
  }
}

function run(command, arguments_) {
  return new Promise((resolve) => {
    const child = spawn(command, arguments_, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    child.on('error', (error) => resolve({ status: null, output: error.message }))
    child.on('close', (status) => resolve({ status, output }))
  })
}
