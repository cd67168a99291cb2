import { createHash } from 'node:crypto'
import { blocksIn } from './documents.ts'
import { joined, type Kind, kinds, offsetsOf, sentences, textOf } from './prose.ts'

export interface Drawn {
  file: string
  line: number
  kind: Kind
  /** The sentence on one line, with its code and quotations. */
  text: string
}

/** All sentences of a file, in the order of places. A sentence has at least two words. */
export function sentencesIn(file: string, source: string): Drawn[] {
  const ends = [...source.matchAll(/\n/g)].map(({ index }) => index)
  const lineOf = (offset: number): number => ends.filter((end) => end < offset).length + 1
  return blocksIn(file, source).flatMap((block) => {
    const found = sentences(textOf(block)).filter(({ text }) => (text.match(/\p{L}{2,}/gu)?.length ?? 0) >= 2)
    const [whole, offsets] = found.length > 0 ? [joined(block), offsetsOf(block, source)] : ['', []]
    return found.map(({ text, start }) => ({
      file,
      line: lineOf(offsets[start]!),
      kind: 'kind' in block ? (block.kind as Kind) : ('page' as const),
      text: whole
        .slice(start, start + text.length)
        .replace(/`?\uFFFC([^\uFFFC]*)\uFFFC`?/g, '`$1`')
        .replace(/\s+/g, ' '),
    }))
  })
}

/**
 * Draws `count` sentences, of each kind the same number where there are as many. Each sentence has a rank that depends
 * on the seed, its place and its words alone: what is edited elsewhere does not change whether it is drawn.
 */
export function draw(all: readonly Drawn[], seed: string, count: number): Drawn[] {
  const rank = ({ file, text }: Drawn) => createHash('sha256').update(`${seed}\0${file}\0${text}`).digest('hex')
  const strata = kinds.map((kind) => all.filter((one) => one.kind === kind))
  const drawn: Drawn[] = []
  // The smallest first: what it lacks the others give.
  const ascending = strata.sort((a, b) => a.length - b.length)
  for (const [at, stratum] of ascending.entries()) {
    const share = Math.ceil((count - drawn.length) / (ascending.length - at))
    const ranked = stratum.map((one) => [rank(one), one] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    drawn.push(...ranked.slice(0, share).map(([, one]) => one))
  }
  return drawn.sort((a, b) => a.kind.localeCompare(b.kind) || a.file.localeCompare(b.file) || a.line - b.line)
}
