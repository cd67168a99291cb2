/**
 * Writes the generated files of this package, or with --check reports which are stale:
 *
 *   node --import tsx packages/database/scripts/main.ts
 *
 * First the migrations as a module. Then a process that loads this module writes the reference of a migrated database.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeGenerated } from '../../../infra/generated.ts'
import { databaseReference } from './databaseReference.ts'
import { migrationsModule } from './migrationsModule.ts'

if (process.argv.includes('--reference')) {
  const { startEmbedded } = await import('../src/embedded/start.ts')
  const home = mkdtempSync(join(tmpdir(), 'driftfarm-reference-'))
  const server = await startEmbedded({ home })
  const reference = databaseReference(server.url).finally(() => server.close())
  await writeGenerated({ 'docs/reference/database.md': () => reference })
  rmSync(home, { recursive: true, force: true })
} else {
  await writeGenerated({ 'packages/database/src/schema/migrations.generated.ts': migrationsModule })
  const arguments_ = [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2), '--reference']
  const { status } = spawnSync(process.execPath, arguments_, { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
