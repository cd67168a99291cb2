import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const pages =
  /^((README|CONTRIBUTING|ARCHITECTURE|CHANGELOG)\.md|docs\/(?!ko\/|decisions\/).*\.md|examples\/README\.md)$/
const sources = /^packages\/[^/]+\/src\/.*\.tsx?$/
const skipped = /\.(test|fixture|generated|d)\.tsx?$|\/(fixtures|generated)\//

/** Whether the style is checked in a file: pages in English, also generated ones, and sources but tests. */
export const isRead = (name: string): boolean => pages.test(name) || (sources.test(name) && !skipped.test(name))

/** The files whose style is checked, with paths from the root; all of them, or those at and below some paths. */
export function filesRead(paths: readonly string[] = []): string[] {
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '--', ...paths]
  const { stdout } = spawnSync('git', listed, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  return stdout.split('\n').filter((name) => isRead(name) && existsSync(join(root, name)))
}

/** The part of the repository for which a file is counted. */
export const folderOf = (file: string): string => /^(packages|docs)\/[^/]+(?=\/)|^[^/]+/.exec(file)?.[0] ?? file
