// Writes src/run/assembly.generated.ts: the AssemblyScript runtime as strings, so that the package needs no file
// system. `node packages/kernel/generate.mjs` after a change of assembly/; a test fails while it is out of date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const folder = new URL('assembly/', import.meta.url)
const lines = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(readFileSync(new URL(name, folder), 'utf8'))},\n`)
const head =
  '// Made by generate.mjs from assembly/. Do not edit.\nexport const assembly: Readonly<Record<string, string>> = {\n'
writeFileSync(new URL('src/run/assembly.generated.ts', import.meta.url), `${head}${lines.join('')}}\n`)
