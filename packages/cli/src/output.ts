import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { envelope } from '@driftfarm/report'
import { CliError } from './failure.ts'

/** Standard output is data; everything else goes to standard error. */
export async function print(text: string): Promise<void> {
  if (text === '') return
  if (!process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)) await once(process.stdout, 'drain')
}

export async function printJson(kind: string, data: unknown, warnings: readonly string[] = []): Promise<void> {
  await print(JSON.stringify(envelope(kind, data, warnings)))
}

/** A line for people; silent with --json, where only an error may appear. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`)
}

export function wantsColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb'
}

export function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns || 80 : 160
}

/** Streams text to a file or, without one, to standard output. A file appears whole or not at all. */
export async function writeAll(
  chunks: AsyncIterable<string> | Iterable<string>,
  file: string | undefined,
): Promise<void> {
  if (file === undefined) {
    for await (const chunk of chunks) if (!process.stdout.write(chunk)) await once(process.stdout, 'drain')
    return
  }
  const part = join(dirname(file), `.${process.pid}-${Date.now()}.part`)
  const stream = createWriteStream(part, { flags: 'wx' })
  try {
    await once(stream, 'open')
    for await (const chunk of chunks) if (!stream.write(chunk)) await once(stream, 'drain')
    stream.end()
    await once(stream, 'close')
    await rename(part, file)
  } catch (error) {
    stream.destroy()
    await rm(part, { force: true })
    const { code, message } = error as NodeJS.ErrnoException
    if (
      code === 'ENOENT' ||
      code === 'EACCES' ||
      code === 'EISDIR' ||
      code === 'ENOSPC' ||
      code === 'EROFS' ||
      code === 'ENOTDIR'
    )
      throw new CliError(
        'OUTPUT_NOT_WRITABLE',
        `cannot write ${file}: ${message}`,
        'name a file in a folder that exists and may be written',
      )
    throw error
  }
}
