import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, realpathSync, statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { figureFile, formatOfFile } from '@driftfarm/farm'
import { nullIf } from '@driftfarm/formula'
import {
  type Definition,
  documentJson,
  envelope,
  type Figure,
  type FigureStyle,
  type ParquetRows,
  parquetFile,
  type Terminal,
  type Text,
  type View,
  wrapped,
} from '@driftfarm/report'
import { CliError, usageError } from './failure.ts'
import type { Shell, Stream } from './shell.ts'

/** Prints text on standard output. Only data is printed there; everything else goes to standard error. */
export async function print({ stdout, line }: Shell, text: string): Promise<void> {
  if (text === '') return
  line.clear()
  if (!stdout.write(withNewline(text))) await once(stdout, 'drain')
}

interface PrintedView<Data> extends View<Data> {
  readonly kind: string
  /** The JSON in pieces, for a document that does not fit in memory. */
  readonly json?: (data: Data) => Text
}

export interface PrintOptions {
  readonly format?: Format
  readonly json?: boolean
  readonly output?: string
  readonly all?: boolean
}

interface PrintedBeside {
  readonly warnings?: readonly string[]
  /** Lines that are printed only with the table. */
  readonly remarks?: readonly string[]
  /** Whether warnings are printed on standard error if the format (CSV, JSON lines) cannot contain them. */
  readonly warnsWithRecords?: boolean
  readonly parquet?: () => Promise<ParquetRows>
}

/**
 * JSON contains the warnings. With a table or Parquet, warnings are printed on standard error. With CSV and JSON lines,
 * they are printed there only if `warnsWithRecords` is true. A format that the view lacks is refused.
 */
export async function printData<Data>(
  shell: Shell,
  { kind, ...view }: PrintedView<Data>,
  data: Data,
  { output, all, ...requested }: PrintOptions,
  { warnings = [], remarks = [], warnsWithRecords = false, parquet }: PrintedBeside = {},
): Promise<void> {
  const format = formatOf(requested)
  if (format === 'parquet') await writeParquet(shell, kind, parquet, output)
  else {
    const text = {
      table: () => view.table(data, pageOf(shell, { file: output, all })),
      json: () => view.json?.(data) ?? documentJson(envelope(kind, data, warnings)),
      jsonl: () => view.jsonl?.(data),
      csv: () => view.csv?.(data),
    }[format]()
    if (text === undefined) throw usageError(`${kind} cannot be printed as ${format}`, 'omit --format')
    await writeAll(shell, typeof text === 'string' ? [withNewline(text)] : text, output)
  }
  if (format === 'table' || format === 'parquet' || (format !== 'json' && warnsWithRecords))
    for (const warning of warnings) warn(shell, warning)
  if (format === 'table') for (const remark of remarks) note(shell, remark)
}

async function writeParquet(
  shell: Shell,
  kind: string,
  parquet: PrintedBeside['parquet'],
  file: string | undefined,
): Promise<void> {
  if (parquet === undefined)
    throw usageError(
      `${kind} cannot be written as parquet`,
      'write the cells with `results`, or the trials with `results --rows`',
    )
  if (file === undefined) throw usageError('Parquet is binary and cannot be printed', 'name a file: -o FILE.parquet')
  await writeAll(shell, parquetFile(await parquet()), file)
}

/** Reports a change: with --json as a document, otherwise as a sentence on standard error. */
export const printChange = async <Data>(
  shell: Shell,
  definition: Definition<Data>,
  data: Data,
  sentence: string,
): Promise<void> => (shell.quiet ? printData(shell, definition, data, { json: true }) : note(shell, sentence))

const withNewline = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

/** Prints a line for people on standard error, unless --json is given. */
export function note(shell: Shell, line: string): void {
  if (!shell.quiet) tell(shell, line)
}

/** Prints a line on standard error even if --json is given. */
export function tell({ stderr, line: foot }: Shell, line: string): void {
  // Wrap the line, because the terminal would break it within a word.
  const text = foot.exists ? wrapped(line, foot.width - 2).join('\n  ') : line
  foot.above(() => stderr.write(`${text}\n`))
}

/** A warning is printed even if --json is given. */
export const warn = (shell: Shell, message: string): void => tell(shell, `warning: ${message}`)

export function wantsColor({ env }: Shell, stream: Stream): boolean {
  return stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
}

export function terminalFor(shell: Shell, stream: Stream = shell.stdout): Terminal {
  const { env } = shell
  const { LC_ALL, LC_CTYPE, LANG, COLORTERM, TERM } = env
  const locale = LC_ALL || LC_CTYPE || LANG || ''
  const isTrue = COLORTERM === 'truecolor' || COLORTERM === '24bit' || TERM?.endsWith('-direct') === true
  return {
    width: stream.isTTY ? stream.columns || 80 : 80,
    colors: !wantsColor(shell, stream) ? 'none' : isTrue ? 'true' : '256',
    unicode: process.platform === 'win32' || /utf-?8/i.test(locale),
  }
}

/** Maximum number of rows of a table in a terminal, unless all rows are requested: people cannot read through more. */
const maxRows = 200

export function pageOf(
  shell: Shell,
  { file, all = false }: { readonly file?: string | undefined; readonly all?: boolean | undefined } = {},
) {
  const { stdout } = shell
  const onTerminal = file === undefined && stdout.isTTY === true
  return {
    width: onTerminal ? stdout.columns || 80 : 160,
    color: onTerminal && wantsColor(shell, stdout),
    ...(onTerminal && !all ? { most: maxRows } : {}),
  }
}

export type Format = 'table' | 'json' | 'jsonl' | 'csv' | 'parquet'

export function formatOf({ format, json }: { readonly format?: Format; readonly json?: boolean }): Format {
  if (json === true && format !== undefined && format !== 'json')
    throw usageError(`--json cannot be combined with --format ${format}`, 'omit one of them')
  return format ?? (json === true ? 'json' : 'table')
}

const notWritable = /^E(NOENT|ACCES|ISDIR|NOSPC|ROFS|NOTDIR|NAMETOOLONG|LOOP)$/

/**
 * Streams text to a file or, without a file, to standard output. The file appears only when it is complete. Symbolic
 * links are followed. If the target is a pipe or a device instead of an ordinary file, text is written to it directly.
 */
export async function writeAll(
  { stdout, line, cwd }: Shell,
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  file: string | undefined,
): Promise<void> {
  if (file === undefined) {
    try {
      for await (const chunk of chunks) {
        // It may take long until the first chunk is ready, so progress is shown until then. Later, the progress line
        // would mix with the text.
        if (stdout.isTTY === true) line.pause()
        if (!stdout.write(chunk)) await once(stdout, 'drain')
      }
    } finally {
      line.clear()
      line.resume()
    }
    return
  }
  const { path, whole } = targetOf(resolve(cwd, file))
  const part = whole ? join(dirname(path), `.${randomUUID()}.part`) : path
  try {
    await pipeline(chunks, createWriteStream(part, { flags: whole ? 'wx' : 'w' }))
    line.clear()
    if (whole) await rename(part, path)
  } catch (error) {
    if (whole) await rm(part, { force: true })
    const { code, message } = error as NodeJS.ErrnoException
    if (!notWritable.test(code ?? '')) throw error
    throw new CliError(
      'OUTPUT_NOT_WRITABLE',
      // The end of the system's message is removed, because it names a temporary file that the user does not know.
      `cannot write ${file}: ${message.replace(/, \w+ '.*'$/, '')}`,
      'name a file in a folder that exists and is writable',
    )
  }
}

function targetOf(file: string): { path: string; whole: boolean } {
  const path = nullIf(Error, () => realpathSync(file))
  return { path: path ?? file, whole: path === null || statSync(path).isFile() }
}

export async function writeFigure(shell: Shell, figure: Figure, file: string, look: FigureStyle = {}): Promise<void> {
  const bytes = await figureFile(figure, formatOfFile(file), look, (message) => warn(shell, message))
  await writeAll(shell, [bytes], file)
  note(shell, `wrote ${file}`)
}
