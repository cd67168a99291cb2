import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import type { Put } from './page.ts'

/**
 * A checkout of its own for a page that changes the program: the sources as they stand here, changed ones included, and
 * what a set-up has installed and made. What the page has built and changed is gone with the folder.
 */
export function checkout(folder: string): void {
  const git = (...words: string[]) => execFileSync('git', ['-C', root, ...words], { encoding: 'utf8' })
  execFileSync('git', ['clone', '--quiet', '--shared', root, folder])
  for (const file of git('ls-files', '-z', '--modified', '--others', '--exclude-standard').split('\0').filter(Boolean))
    if (existsSync(join(root, file))) cpSync(join(root, file), join(folder, file), { recursive: true })
    else rmSync(join(folder, file), { force: true })
  const prisma = 'packages/database/src/generated'
  cpSync(join(root, prisma), join(folder, prisma), { recursive: true })
  // Links within a file system, since they are a gigabyte.
  for (const modules of git('ls-files', '-z', '*package.json').split('\0').filter(Boolean)) {
    const from = join(root, dirname(modules), 'node_modules')
    if (existsSync(from)) execFileSync('cp', ['-al', from, join(folder, dirname(modules), 'node_modules')])
  }
}

/** Makes the change that a page describes; what is wrong with it, null where nothing is. */
export function put(folder: string, { file, where, at, text }: Put): string | null {
  const path = join(folder, file)
  if (where === 'whole') {
    if (existsSync(path)) return `${file} is there already`
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${text}\n`)
    return null
  }
  if (!existsSync(path)) return `there is no ${file}`
  const lines = readFileSync(path, 'utf8').split('\n')
  const place = lines.findIndex((line) => line.includes(at))
  if (place < 0) return `no line of ${file} has ${at}`
  if (where === 'instead of') lines[place] = lines[place]!.replace(at, () => text)
  else lines.splice(where === 'after' ? place + 1 : place, 0, ...text.split('\n'))
  writeFileSync(path, lines.join('\n'))
  return null
}
