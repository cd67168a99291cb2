// Writes src/assembly.generated.ts: the AssemblyScript runtime as strings, so that the package needs no file system.
// `node packages/kernel/generate.mjs` after a change of assembly/; a test fails while it is out of date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const folder = new URL('assembly/', import.meta.url)
const target = new URL('src/assembly.generated.ts', import.meta.url)

export function generate() {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort()
  const entries = names.map(
    (name) => `  ${JSON.stringify(name)}: ${JSON.stringify(readFileSync(new URL(name, folder), 'utf8'))},\n`,
  )
  return `// Made by generate.mjs from assembly/. Do not edit.\nexport const assembly: Readonly<Record<string, string>> = {\n${entries.join('')}}\n`
}

if (process.argv[1] !== undefined && import.meta.url.endsWith(process.argv[1].split('/').pop()))
  writeFileSync(target, generate())
