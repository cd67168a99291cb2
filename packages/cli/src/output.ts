import { once } from 'node:events'
import { createWriteStream, realpathSync, statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { documentJson, envelope, type Terminal, wrapped } from '@driftfarm/report'
import { CliError } from './failure.ts'
import { standingLine } from './standingLine.ts'

/** Standard output is data; everything else goes to standard error. */
export async function print(text: string): Promise<void> {
  if (text === '') return
  standingLine.clear()
  if (!process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)) await once(process.stdout, 'drain')
}

export async function printJson(kind: string, data: unknown, warnings: readonly string[] = []): Promise<void> {
  await print(documentJson(envelope(kind, data, warnings)))
}

/** A line for people; silent with --json, where only an error may appear. */
export function note(line: string): void {
  // A terminal would break it within a word.
  const text = standingLine.exists ? wrapped(line, standingLine.width - 2).join('\n  ') : line
  standingLine.above(() => process.stderr.write(`${text}\n`))
}

export function wantsColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb'
}

/** What a picture may use: colours and letters beyond ASCII, where the terminal and its locale have them. */
export function terminalFor(stream: NodeJS.WriteStream): Terminal {
  const { LC_ALL, LC_CTYPE, LANG, COLORTERM, TERM } = process.env
  const locale = LC_ALL || LC_CTYPE || LANG || ''
  const isTrue = COLORTERM === 'truecolor' || COLORTERM === '24bit' || TERM?.endsWith('-direct') === true
  return {
    width: stream.isTTY ? stream.columns || 80 : 80,
    colors: !wantsColor(stream) ? 'none' : isTrue ? 'true' : '256',
    unicode: process.platform === 'win32' || /utf-?8/i.test(locale),
  }
}

export function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns || 80 : 160
}

export type Format = 'table' | 'json' | 'jsonl' | 'csv'

/** --json is --format json; the two must not disagree. */
export function formatOf({ format, json }: { readonly format?: Format; readonly json?: boolean }): Format {
  if (json === true && format !== undefined && format !== 'json')
    throw new CliError('USAGE', `--json and --format ${format} ask for different things`, 'leave one of them out')
  return format ?? (json === true ? 'json' : 'table')
}

const notWritable: ReadonlySet<string | undefined> = new Set([
  'ENOENT',
  'EACCES',
  'EISDIR',
  'ENOSPC',
  'EROFS',
  'ENOTDIR',
  'ENAMETOOLONG',
  'ELOOP',
])

/**
 * Streams text to a file or, without one, to standard output. A file appears whole or not at all; a link is followed, and
 * what is no ordinary file (a pipe, a device) is written as it is.
 */
export async function writeAll(
  chunks: AsyncIterable<string> | Iterable<string>,
  file: string | undefined,
): Promise<void> {
  if (file === undefined) {
    standingLine.clear()
    for await (const chunk of chunks) if (!process.stdout.write(chunk)) await once(process.stdout, 'drain')
    return
  }
  const { path, whole } = targetOf(file)
  const part = whole ? join(dirname(path), `.${process.pid}-${Date.now()}.part`) : path
  const stream = createWriteStream(part, { flags: whole ? 'wx' : 'w' })
  try {
    await once(stream, 'open')
    for await (const chunk of chunks) if (!stream.write(chunk)) await once(stream, 'drain')
    stream.end()
    await once(stream, 'close')
    if (whole) await rename(part, path)
  } catch (error) {
    stream.destroy()
    if (whole) await rm(part, { force: true })
    const { code, message } = error as NodeJS.ErrnoException
    if (!notWritable.has(code)) throw error
    throw new CliError(
      'OUTPUT_NOT_WRITABLE',
      // What the system calls the part that was to become the file says nothing to its reader.
      `cannot write ${file}: ${message.replace(/, \w+ '.*'$/, '')}`,
      'name a file in a folder that exists and may be written',
    )
  }
}

function targetOf(file: string): { path: string; whole: boolean } {
  try {
    const path = realpathSync(file)
    return { path, whole: statSync(path).isFile() }
  } catch {
    return { path: file, whole: true }
  }
}
