// Writes src/run/assembly.generated.ts, the AssemblyScript runtime as strings, and src/native/headers.generated.ts, the
// headers of native libraries, so that the package needs no file system. `node packages/kernel/generate.mjs` after a
// change of assembly/ or native/; a test fails while a file is out of date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** A line with `$` stands for four lines, in which `$` is 0, 1, 2 and 3: AssemblyScript has no arrays of locals. */
const written = (text) =>
  text.replaceAll(/^.*\$.*\n/gm, (line) => [0, 1, 2, 3].map((place) => line.replaceAll('$', place)).join(''))

/** The files of a folder whose names end with `ending`, as the constant `name` of a module. */
function generate(folder, ending, name, into, change = (text) => text) {
  const from = new URL(folder, import.meta.url)
  const lines = readdirSync(from)
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => `  ${JSON.stringify(file)}: ${JSON.stringify(change(readFileSync(new URL(file, from), 'utf8')))},\n`)
  const head = `// Made by generate.mjs from ${folder}. Do not edit.\n`
  const type = 'Readonly<Record<string, string>>'
  const generated = `${head}export const ${name}: ${type} = {\n${lines.join('')}}\n`
  const file = new URL(into, import.meta.url)
  if (!process.argv.includes('--check')) writeFileSync(file, generated)
  else if (readFileSync(file, 'utf8') !== generated) process.exitCode = 1
}

generate('assembly/', '.ts', 'assembly', 'src/run/assembly.generated.ts', written)
generate('native/', '.h', 'headers', 'src/native/headers.generated.ts')
