import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@driftfarm/testing/command'

/** A fenced block of a page. */
export interface Block {
  /** Page and line, for people. */
  readonly at: string
  readonly language: string
  readonly text: string
  /** The file that it is; of a YAML block also the one whose keys it replaces. */
  readonly file: { readonly name: string; readonly part: 'whole' | 'keys' } | null
  /** What a machine must have so that it can run: `docker` of ```sh [needs docker]. */
  readonly needs: string | null
  /** Where it is to be put in the sources of the program; null for blocks of users. */
  readonly put: Put | null
  /** What it prints on standard output, where the page shows it. */
  readonly shown: string | null
}

/**
 * A change of the program that a page describes. A remark that readers do not see stands above its block and says where
 * it goes: "in FILE, before `TEXT`" (the first line with that text) or "is FILE" (a new one). One that ends in a colon
 * has the text itself in its further lines: a change that is told in words alone.
 */
export interface Put {
  readonly file: string
  readonly where: 'whole' | 'after' | 'before' | 'instead of'
  readonly at: string
  readonly text: string
}

const remark = /^<!-- (?:is|in) ([^\s,]+)(?:, (after|before|instead of) `(.+)`)?( -->|:)$/

/** The blocks of a page of docs/, from top to bottom, each with the output that stands directly below it. */
export function blocksOf(page: string): Block[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n')
  const found: Block[] = []
  /** The end of the block before. */
  let ended = -1
  let placed: Omit<Put, 'text'> | null = null
  for (let i = 0; i < lines.length; i++) {
    const [said, file, where = 'whole', at = '', ending] = remark.exec(lines[i]!) ?? []
    if (said !== undefined) {
      placed = { file: file!, where: where as Put['where'], at }
      if (ending !== ':') continue
      const told = lines.slice(i + 1, lines.indexOf('-->', i)).join('\n')
      const put = { ...placed, text: told }
      const needs = 'a checkout'
      found.push({ at: `${page}:${i + 1}`, language: 'put', text: told, file: null, needs, put, shown: null })
      placed = null
      continue
    }
    const fence = /^```(\w+)(?: \[(.*)\])?$/.exec(lines[i]!)
    if (fence === null) continue
    const end = lines.indexOf('```', i)
    if (end < 0) throw new Error(`${page}:${i + 1}: a block without an end`)
    const [, language, title = ''] = fence
    const text = lines.slice(i + 1, end).join('\n')
    const before = found.at(-1)
    const isOutput = language === 'text' && before !== undefined && isBlank(lines.slice(ended + 1, i))
    if (isOutput && before.shown === null) found[found.length - 1] = { ...before, shown: text }
    else {
      const needs = /^needs (.+)$/.exec(title)?.[1] ?? null
      found.push({
        at: `${page}:${i + 1}`,
        language: language!,
        text,
        file: fileOf(language!, needs === null ? title : '', text),
        needs,
        put: placed === null ? null : { ...placed, text },
        shown: null,
      })
      placed = null
    }
    ended = end
    i = end
  }
  return found
}

const isBlank = (lines: readonly string[]): boolean => lines.every((line) => line.trim() === '')

/** A first line of comment names a file: `# well.yaml`, `// rate.ts`, `-- rate.sql`; `# in well.yaml` a part of one. */
function fileOf(language: string, title: string, text: string): Block['file'] {
  if (/^[\w.-]+\.\w+$/.test(title)) return { name: title, part: 'whole' }
  const [, part, name] = /^(?:#|\/\/|--) (in )?([\w/-]+\.[a-z]+)$/.exec(text.split('\n', 1)[0]!) ?? []
  if (name === undefined) return null
  return { name, part: part === undefined || language !== 'yaml' ? 'whole' : 'keys' }
}

/** The words of a command, as a shell takes them; null where it has more in it than words. */
export function wordsOf(line: string): string[] | null {
  const words: string[] = []
  const pattern = /\s*(?:((?:'[^']*'|"[^"$`\\]*"|[^\s'"|&;<>()$`\\*?[\]{}~#])+)(?=\s|$)|(#.*$))/y
  while (pattern.lastIndex < line.trimEnd().length) {
    const found = pattern.exec(line)
    if (found === null) return null
    if (found[1] !== undefined) words.push(found[1].replace(/'([^']*)'|"([^"]*)"/g, (_, a, b) => a ?? b))
  }
  return words
}

/** Whether `printed` is what `shown` says; a line `...` stands for any lines. Blanks at ends of lines do not count. */
export function isShown(shown: string, printed: string): boolean {
  const [wanted, found] = [linesOf(shown), linesOf(printed)]
  /** Whether the lines from `w` and `f` on agree. */
  const agree = (w: number, f: number): boolean => {
    if (w === wanted.length) return f === found.length
    if (wanted[w]!.trim() !== '...') return f < found.length && wanted[w] === found[f] && agree(w + 1, f + 1)
    for (let skipped = f; skipped <= found.length; skipped++) if (agree(w + 1, skipped)) return true
    return false
  }
  return agree(0, 0)
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/^\n+|\n+$/g, '')
    .split('\n')
