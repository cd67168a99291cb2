// pnpm check: everything that can be known without running the product - format and lint, types, package arrows, dead exports,
// generated files.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './root.mjs'
import { setup } from './setup.mjs'

await setup()
const bin = (name) => join(root, 'node_modules/.bin', name)
const steps = [
  ['format and lint', bin('biome'), ['ci', '--reporter=summary', '.']],
  ['types', bin('tsc'), ['-b']],
  ['package arrows', bin('depcruise'), ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'packages']],
  ['generated files', process.execPath, ['--import', 'tsx', 'infra/generate.ts', '--check']],
  [
    'generated files of the database',
    process.execPath,
    ['--import', 'tsx', 'packages/database/scripts/main.ts', '--check'],
  ],
  ['dead exports and dependencies', bin('knip'), ['--no-progress']],
]
let failed = 0
for (const [name, command, arguments_] of steps) {
  const started = Date.now()
  const run = spawnSync(command, arguments_, { cwd: root, encoding: 'utf8' })
  const good = run.status === 0
  failed += good ? 0 : 1
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  if (!good) console.log(`${run.stdout}${run.stderr}`.trim())
}
process.exit(failed > 0 ? 1 : 0)
