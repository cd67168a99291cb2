/**
 * Writes the generated files of this package, or with --check reports which are stale:
 *
 *   node --import tsx packages/database/scripts/main.ts
 *
 * First the migrations as a module. Then a process that loads this module writes the reference of a migrated database.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { databaseReference } from './databaseReference.ts'
import { generatedFiles } from './generate.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const check = process.argv.includes('--check')

if (process.argv.includes('--reference')) {
  const { startEmbedded } = await import('../src/embedded/start.ts')
  const home = mkdtempSync(join(tmpdir(), 'driftfarm-reference-'))
  const server = await startEmbedded({ home })
  put('docs/reference/database.md', await databaseReference(server.url).finally(() => server.close()))
  rmSync(home, { recursive: true, force: true })
} else {
  for (const { path, text } of generatedFiles()) put(path, text)
  const arguments_ = [...process.execArgv, fileURLToPath(import.meta.url), '--reference', ...(check ? ['--check'] : [])]
  const { status } = spawnSync(process.execPath, arguments_, { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}

function put(path: string, text: string): void {
  const file = join(repository, path)
  if (read(file) === text) return
  if (!check) writeFileSync(file, text)
  else {
    console.error(`${path} is stale; run node --import tsx packages/database/scripts/main.ts`)
    process.exitCode = 1
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
