import { restored } from '@driftfarm/formula'
import { FileError } from '../error.ts'
import { base64 } from '../format/base64.ts'
import { columnarJson, fromColumnar } from './columnar.ts'
import type { FileContents } from './contents.ts'

/** Marks the block of a page that contains the data. A browser does not run scripts of unknown types. */
const opening = '<script type="application/vnd.driftfarm+json;gzip;base64">'
const closing = '</script>'

export async function embedded(sweeps: readonly FileContents[]): Promise<string> {
  return `${opening}${await zipped(columnarJson(sweeps))}${closing}`
}

/** A compressed text, as Base64. */
export const zipped = async (text: string): Promise<string> =>
  base64(await through(new TextEncoder().encode(text), new CompressionStream('gzip')))

/** Throws a FileError if the file is not a report, or has no data. */
export async function contentsOf(html: string): Promise<readonly FileContents[]> {
  const from = html.indexOf(opening)
  const to = html.indexOf(closing, from)
  if (from < 0 || to < 0)
    throw new FileError('NO_REPORT', 'this file contains no sweep data', {
      hint: 'to write a file with data, run `driftfarm report SWEEP -o FILE.html`',
    })
  try {
    const letters = atob(html.slice(from + opening.length, to))
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0))
    const text = new TextDecoder().decode(await through(bytes, new DecompressionStream('gzip')))
    const sweeps = fromColumnar(text) as readonly FileContents[]
    for (const { results, observed } of sweeps) {
      for (const cell of results.data.cells) restored(cell.estimates)
      if (observed !== undefined) restored(observed)
    }
    return sweeps
  } catch (error) {
    throw new FileError('NO_REPORT', `the data in this file cannot be read: ${(error as Error).message}`, {
      hint: 'the file is incomplete or was written by another version: create it again with `driftfarm report`',
    })
  }
}

async function through(bytes: Uint8Array, by: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(by as ReadableWritablePair<Uint8Array, Uint8Array>)
  return new Uint8Array(await new Response(stream as ReadableStream).arrayBuffer())
}
