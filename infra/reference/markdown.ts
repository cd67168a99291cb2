import { commands } from '@driftfarm/cli'
import { prose } from '../prose.ts'

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  ...[head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cellText).join(' | ')} |`),
  '',
]

/** A vertical bar would end the cell, even within code. */
const cellText = (text: string): string => text.replaceAll('|', '\\|')

/** A paragraph that never breaks a line within code: a line that begins with `+` or `-` would become a list. */
export const paragraph = (text: string): string[] => [
  prose(text.replace(/`[^`]*`/g, (code) => code.replaceAll(' ', '\0'))).replaceAll('\0', ' '),
  '',
]

export const page = (lines: readonly string[]): string => `${lines.join('\n').trimEnd()}\n`

export const generated = 'Generated from the code by `npm run generate`.'

const names = commands.map(({ name }) => name).sort((a, b) => b.length - a.length)
const commandNames = new RegExp(`(?<![\`\\w-])driftfarm (?:${names.join('|')})(?: [A-Z]+\\b)*(?![\`\\w-])`, 'g')

/** A hint as a sentence for a page. */
export function sentence(hint: string): string {
  const text = hint
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(commandNames, '`$&`')))
    .join('')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}

/** Writes 1048576 as 1,048,576, except within code. */
export const readable = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(/(?<![\d.^])\d{5,9}(?![\d.])/g, grouped)))
    .join('')

const grouped = (digits: string): string => Number(digits).toLocaleString('en')
