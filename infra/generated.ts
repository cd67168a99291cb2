import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Writes the files that have changed, given by their paths and the functions that make their texts. With `--check`,
 * writes nothing and exits with 1 if one is stale.
 */
export async function writeGenerated(
  files: Readonly<Record<string, () => string | Promise<string>>>,
  check = process.argv.includes('--check'),
): Promise<void> {
  for (const [name, make] of Object.entries(files)) {
    const path = join(root, name)
    const text = await make()
    let stored = ''
    try {
      stored = readFileSync(path, 'utf8')
    } catch {}
    if (stored === text) continue
    if (check) {
      console.log(`stale: ${name} (npm run generate)`)
      process.exitCode = 1
    } else {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
      console.log(`wrote ${name}`)
    }
  }
}
