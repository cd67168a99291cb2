// Runs specs of examples/ and writes their tables into examples/results/NAME.txt: npm run examples [-- NAME ...]. An
// example in `programs` shows the output of its own program.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const results = `${root}examples/results`
const programs = { 'small-noise': 'infra/smallNoise.ts' }
const wanted = process.argv.slice(2)
const names = readdirSync(`${root}examples`)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.slice(0, -'.yaml'.length))
for (const name of wanted.filter((name) => !names.includes(name)))
  throw new Error(`the spec examples/${name}.yaml does not exist`)

mkdirSync(results, { recursive: true })
for (const name of wanted.length > 0 ? wanted : names) {
  const spec = `examples/${name}.yaml`
  const program = programs[name]
  const command = program ? ['--import', 'tsx', program] : [`${root}packages/cli/bin/driftfarm.js`, 'run', spec]
  const run = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '130', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (run.status !== 0) throw new Error(`${spec} ended with exit code ${run.status ?? run.signal}`)
  const shown = program ? run.stdout.trimEnd() : shortened(run.stdout.trimEnd())
  writeFileSync(`${results}/${name}.txt`, `${shown}\n`)
  process.stderr.write(`${name}: done\n`)
}

/** Shortens a table with many cells to the first and the last ones. */
function shortened(table) {
  const lines = table.split('\n')
  const cells = lines.map((line, at) => [line, at]).filter(([line]) => /^ *\d+ /.test(line))
  if (cells.length <= 50) return table
  const [from, to] = [cells[8][1], cells.at(-8)[1]]
  return [...lines.slice(0, from), ' ...', ...lines.slice(to)].join('\n')
}
