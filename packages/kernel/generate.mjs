// Writes src/run/assembly.generated.ts: the AssemblyScript runtime as strings, so that the package needs no file
// system. `node packages/kernel/generate.mjs` after a change of assembly/; a test fails while it is out of date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const folder = new URL('assembly/', import.meta.url)

/** A line with `$` stands for four lines, in which `$` is 0, 1, 2 and 3: AssemblyScript has no arrays of locals. */
const written = (text) =>
  text.replaceAll(/^.*\$.*\n/gm, (line) => [0, 1, 2, 3].map((place) => line.replaceAll('$', place)).join(''))

const files = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .map((name) => [name, written(readFileSync(new URL(name, folder), 'utf8'))])
const head =
  '// Made by generate.mjs from assembly/. Do not edit.\nexport const assembly: Readonly<Record<string, string>> = {\n'
const lines = files.map(([name, text]) => `  ${JSON.stringify(name)}: ${JSON.stringify(text)},\n`)
const file = new URL('src/run/assembly.generated.ts', import.meta.url)
const generated = `${head}${lines.join('')}}\n`
if (process.argv.includes('--check')) process.exitCode = readFileSync(file, 'utf8') === generated ? 0 : 1
else writeFileSync(file, generated)
