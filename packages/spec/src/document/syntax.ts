import { countText } from '@driftfarm/formula'
import type { Fix } from '../errors.ts'

/** The reason, what to do, and where the mistake is, if it is not where the parser reported it. */
type SyntaxFault = readonly [reason: string, hint: string, offset?: number | undefined, fix?: Fix]

interface Line {
  readonly text: string
  readonly start: number
  readonly indent: number
}

/** Replaces the message of the YAML parser, which describes the internals of the parser. */
export function syntaxFault(text: string, code: string, message: string, offset: number): SyntaxFault {
  const line = lineAt(text, offset)
  const next = lineAt(text, line.start + line.text.length + 1)
  return (
    ofTabs(line, next) ??
    ofBrackets(text, code, message, offset) ??
    ofDeepened(text, code, line) ??
    ofTemplates(line) ??
    ofColons(line) ??
    ofValue(line) ??
    ofIndent(text, code, line, next) ??
    ofCode(code) ?? [message, 'correct the text at this place']
  )
}

function lineAt(text: string, offset: number): Line {
  const at = Math.min(offset, text.length)
  const start = text.lastIndexOf('\n', at - 1) + 1
  const end = text.indexOf('\n', at)
  const line = text.slice(start, end < 0 ? text.length : end).replace(/\r$/, '')
  return { text: line, start, indent: /^ */.exec(line)![0].length }
}

function ofTabs(...lines: readonly Line[]): SyntaxFault | null {
  const line = lines.find(({ text }) => /^ *\t/.test(text))
  if (line === undefined) return null
  const indent = /^[ \t]*/.exec(line.text)![0]
  const fix = { from: line.start, to: line.start + indent.length, text: indent.replaceAll('\t', '  ') }
  return ['this line is indented by a tab', 'indent with spaces, two for each level', line.start, fix]
}

function ofBrackets(text: string, code: string, message: string, offset: number): SyntaxFault | null {
  const missing = /end with a ([\]}])/.exec(message)?.[1]
  if (missing !== undefined) {
    const open = missing === ']' ? '[' : '{'
    const at = lastOpen(text.slice(0, offset), open, missing)
    return [`this ${open} is never closed`, `add the missing ${missing}`, at < 0 ? undefined : at]
  }
  const quote = /^Missing closing (.)/.exec(message)?.[1]
  if (quote !== undefined) {
    return [`a ${quote} is never closed`, `add the missing ${quote}`, unclosedQuote(text, quote)]
  }
  const extra = /^Unexpected flow-(map|seq)-end/.exec(message)?.[1]
  if (extra !== undefined) {
    const [open, close] = extra === 'map' ? ['{', '}'] : ['[', ']']
    return [`this ${close} has no ${open} before it`, `remove the ${close}, or add the missing ${open}`]
  }
  if (/^Missing , between/.test(message)) {
    const end = text.slice(0, offset).trimEnd().length
    return ['two items have no comma between them', 'write a comma here', end, { from: end, to: end, text: ',' }]
  }
  if (code === 'MULTILINE_IMPLICIT_KEY' && isInFlow(text, offset)) {
    const end = lineAt(text, offset).start + lineAt(text, offset).text.trimEnd().length
    return ['there is no comma after this value', 'end the line with a comma', end, { from: end, to: end, text: ',' }]
  }
  return code === 'BLOCK_IN_FLOW' ? ['two items have no comma between them', 'write a comma here'] : null
}

/** Finds the first quote not closed on its line, since quoted strings rarely span several lines. */
function unclosedQuote(text: string, quote: string): number | undefined {
  const pattern = new RegExp(`(?:^|[:,{[-] *)${quote}(?:[^${quote}\\n\\\\]|\\\\.)*$`, 'm')
  const found = pattern.exec(text)
  return found === null ? undefined : found.index + found[0].indexOf(quote)
}

function isInFlow(text: string, offset: number): boolean {
  const before = text.slice(0, offset)
  return lastOpen(before, '{', '}') >= 0 || lastOpen(before, '[', ']') >= 0
}

function ofDeepened(text: string, code: string, line: Line): SyntaxFault | null {
  if (code !== 'BAD_INDENT' || line.start === 0) return null
  const above = lineAt(text, line.start - 1)
  if (above.indent >= line.indent || !/^\s*[\w.-]+:\s+[^\s#]/.test(above.text)) return null
  return tooDeep(line, above)
}

function tooDeep(line: Line, above: Line): SyntaxFault {
  return [
    `this line is indented by ${countText(line.indent, 'space')}, but the key above it already has a value`,
    `indent it by ${countText(above.indent, 'space')}, like the line above`,
    line.start + line.indent,
  ]
}

/** `${T}` or `{{ T }}`, as in shells and templates. */
function ofTemplates({ text, start }: Line): SyntaxFault | null {
  const found = /\$?\{\{?\s*([A-Za-z_]\w*)\s*\}\}?/.exec(text)
  if (found === null || !/^(\$|\{\{)/.test(found[0])) return null
  const hint = `write "= ${found[1]}", where ${found[1]} is a name under let`
  return ['names in braces are not replaced by values', hint, start + found.index]
}

function lastOpen(text: string, open: string, close: string): number {
  let depth = 0
  for (let i = text.length - 1; i >= 0; i--) {
    if (text[i] === close) depth++
    else if (text[i] === open && --depth < 0) return i
  }
  return -1
}

/** `trials 100`, `trials = 100` or `trials:100`. */
function ofColons({ text, start, indent }: Line): SyntaxFault | null {
  const glued = /^\s*([\w.]+):([^\s:/].*)$/.exec(text)
  const offset = start + indent
  if (glued !== null) {
    const at = offset + glued[1]!.length + 1
    const hint = `write \`${glued[1]}: ${short(glued[2]!)}\``
    return ['there is no space after the colon', hint, offset, { from: at, to: at, text: ' ' }]
  }
  const bare = /^\s*([A-Za-z_][\w.]*)(?:\s*=\s*|\s+)([^\s:][^:]*)$/.exec(text)
  if (bare === null) return null
  const fix = { from: offset, to: start + text.length, text: `${bare[1]}: ${bare[2]}` }
  return ['there is no colon between the key and the value', `write \`${bare[1]}: ${short(bare[2]!)}\``, offset, fix]
}

function ofValue({ text, start }: Line): SyntaxFault | null {
  const pair = /^(\s*(?:- )?["']?[\w.-]+["']?:\s+)(\S.*)$/.exec(text)
  if (pair === null) return null
  const [, key = '', value = ''] = pair
  const plain = value.replace(/\s+#.*$/, '')
  const isSpecial = /^[|>!*&%@`[{"']/.test(plain) || /:\s/.test(plain)
  if (!isSpecial) return null
  const inner = plain.replace(/^(["'])(.*)\1$/, '$2').replace(/"/g, '')
  const reason = /^["']/.test(plain)
    ? 'there is text after a closing quote'
    : /^[|>!*&%@`[{]/.test(plain)
      ? `a value that begins with ${plain[0]} needs quotes`
      : 'a value with a colon in it needs quotes'
  const from = start + key.length
  const fix = { from, to: from + plain.trimEnd().length, text: `"${inner.trimEnd()}"` }
  return [reason, `write \`${key.trim()} "${short(inner)}"\``, from, fix]
}

function ofIndent(text: string, code: string, line: Line, next: Line): SyntaxFault | null {
  if (/^\s*- /.test(line.text) || code === 'UNEXPECTED_TOKEN')
    return [
      'there is a list item among keys',
      'indent the lines that begin with `-` further than the key of the list, or write the list in brackets ' +
        'after the key',
    ]
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && next.indent > line.indent) return tooDeep(next, line)
  if (code !== 'BAD_INDENT') return null
  // If the line above is indented deeper, both lines were probably meant to be on one level.
  const above = lineAt(text, line.start - 1).indent
  return [
    `this line is indented by ${countText(line.indent, 'space')}, which is between two levels`,
    `indent it like the other keys of its section${above > line.indent ? `, by ${countText(above, 'space')}` : ''}`,
    line.start + line.indent,
  ]
}

function ofCode(code: string): SyntaxFault | null {
  if (code === 'BAD_DQ_ESCAPE')
    return ['a backslash in double quotes begins an escape sequence', 'write two backslashes, or use single quotes']
  if (code === 'MISSING_CHAR' || code === 'MULTILINE_IMPLICIT_KEY')
    return ['this is not a `key: value` line', 'write a key, a colon, a space and a value']
  return null
}

function short(value: string): string {
  const text = value.trim()
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}
