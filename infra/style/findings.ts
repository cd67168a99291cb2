import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './files.ts'
import { type Found, lint } from './lint.ts'

interface Kept {
  digest: string
  found: Found[]
}

/**
 * What the style objects to in these files. Reading all files takes seconds: findings are kept in `cache`, each until
 * its file, a file of this folder or a version of a library changes.
 */
export async function findings(
  files: readonly string[],
  cache = join(root, 'node_modules/.driftfarm-style.json'),
): Promise<Found[]> {
  const here = import.meta.dirname
  const tools = ['../../pnpm-workspace.yaml', ...readdirSync(here)].map((name) => readFileSync(join(here, name)))
  const version = digestOf(...tools)
  const before = read(cache)
  const now: Record<string, Kept> = {}
  for (const file of files) {
    const source = readFileSync(join(root, file), 'utf8')
    const digest = digestOf(version, source)
    const kept = before[file]
    now[file] = kept?.digest === digest ? kept : { digest, found: await lint(file, source) }
  }
  try {
    writeFileSync(cache, JSON.stringify({ ...before, ...now }))
  } catch {
    // The folder may belong to another user; the next run reads all files again.
  }
  return Object.values(now).flatMap(({ found }) => found)
}

function digestOf(...parts: (string | Buffer)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

function read(cache: string): Record<string, Kept> {
  try {
    return JSON.parse(readFileSync(cache, 'utf8')) as Record<string, Kept>
  } catch {
    return {}
  }
}
