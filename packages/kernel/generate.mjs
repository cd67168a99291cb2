// Writes the AssemblyScript runtime and the headers of native lanes as strings, so that the package needs no file
// system. `node packages/kernel/generate.mjs` after a change of assembly/ or native/; a test fails while one is out
// of date.
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
const nativeHead = '// Made by generate.mjs from native/. Do not edit.\nexport const headers = {\n'
const headers = new URL('native/', import.meta.url)
const texts = readdirSync(headers)
  .sort()
  .map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(readFileSync(new URL(name, headers), 'utf8'))},\n`)
const made = {
  'src/run/assembly.generated.ts': `${head}${lines.join('')}}\n`,
  'src/native/headers.generated.ts': `${nativeHead}${texts.join('')}}\n`,
}
for (const [name, generated] of Object.entries(made)) {
  const file = new URL(name, import.meta.url)
  if (!process.argv.includes('--check')) writeFileSync(file, generated)
  else if (readFileSync(file, 'utf8') !== generated) process.exitCode = 1
}
