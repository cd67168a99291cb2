interface SyntaxFault {
  readonly reason: string
  readonly hint: string
  /** Absent if the offset that the parser reported is correct. */
  readonly offset?: number
}

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
    ofCode(code) ?? { reason: message, hint: 'correct the text at this place' }
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
  return {
    reason: 'this line is indented by a tab',
    hint: 'indent with spaces, two for each level',
    offset: line.start,
  }
}

function ofBrackets(text: string, code: string, message: string, offset: number): SyntaxFault | null {
  const missing = /end with a ([\]}])/.exec(message)?.[1]
  if (missing !== undefined) {
    const open = missing === ']' ? '[' : '{'
    const at = lastOpen(text.slice(0, offset), open, missing)
    const place = at < 0 ? {} : { offset: at }
    return { reason: `this ${open} is never closed`, hint: `add the missing ${missing}`, ...place }
  }
  const quote = /^Missing closing (.)/.exec(message)?.[1]
  if (quote !== undefined) {
    const at = unclosedQuote(text, quote)
    return {
      reason: `a ${quote} is never closed`,
      hint: `add the missing ${quote}`,
      ...(at !== null && { offset: at }),
    }
  }
  const extra = /^Unexpected flow-(map|seq)-end/.exec(message)?.[1]
  if (extra !== undefined) {
    const close = extra === 'map' ? '}' : ']'
    return {
      reason: `this ${close} has no ${extra === 'map' ? '{' : '['} before it`,
      hint: `remove the ${close}, or add the missing ${extra === 'map' ? '{' : '['}`,
    }
  }
  if (/^Missing , between/.test(message)) {
    const end = text.slice(0, offset).trimEnd().length
    return { reason: 'two items have no comma between them', hint: 'write a comma here', offset: end }
  }
  if (code === 'MULTILINE_IMPLICIT_KEY' && isInFlow(text, offset)) {
    const end = lineAt(text, offset).start + lineAt(text, offset).text.trimEnd().length
    return { reason: 'there is no comma after this value', hint: 'end the line with a comma', offset: end }
  }
  if (code === 'BLOCK_IN_FLOW') return { reason: 'two items have no comma between them', hint: 'write a comma here' }
  return null
}

/** Finds the first quote not closed on its line, since quoted strings rarely span several lines. */
function unclosedQuote(text: string, quote: string): number | null {
  const pattern = new RegExp(`(?:^|[:,{[-] *)${quote}(?:[^${quote}\\n\\\\]|\\\\.)*$`, 'm')
  const found = pattern.exec(text)
  return found === null ? null : found.index + found[0].indexOf(quote)
}

function isInFlow(text: string, offset: number): boolean {
  const before = text.slice(0, offset)
  return lastOpen(before, '{', '}') >= 0 || lastOpen(before, '[', ']') >= 0
}

function ofDeepened(text: string, code: string, line: Line): SyntaxFault | null {
  if (code !== 'BAD_INDENT' || line.start === 0) return null
  const above = lineAt(text, line.start - 1)
  if (above.indent >= line.indent || !/^\s*[\w.-]+:\s+[^\s#]/.test(above.text)) return null
  return {
    reason: `this line is indented by ${spaces(line.indent)}, but the key above it already has a value`,
    hint: `indent it by ${spaces(above.indent)}, like the line above`,
    offset: line.start + line.indent,
  }
}

/** `${T}` or `{{ T }}`, as in shells and templates. */
function ofTemplates({ text, start }: Line): SyntaxFault | null {
  const found = /\$?\{\{?\s*([A-Za-z_]\w*)\s*\}\}?/.exec(text)
  if (found === null || !/^(\$|\{\{)/.test(found[0])) return null
  const name = found[1]!
  return {
    reason: 'names in braces are not replaced by values',
    hint: `write "= ${name}", where ${name} is a name under let`,
    offset: start + found.index,
  }
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
  if (glued !== null)
    return {
      reason: 'there is no space after the colon',
      hint: `write \`${glued[1]}: ${short(glued[2]!)}\``,
      offset,
    }
  const bare = /^\s*([A-Za-z_][\w.]*)(?:\s*=\s*|\s+)([^\s:][^:]*)$/.exec(text)
  if (bare === null) return null
  return {
    reason: 'there is no colon between the key and the value',
    hint: `write \`${bare[1]}: ${short(bare[2]!)}\``,
    offset,
  }
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
  return { reason, hint: `write \`${key.trim()} "${short(inner)}"\``, offset: start + key.length }
}

function ofIndent(text: string, code: string, line: Line, next: Line): SyntaxFault | null {
  if (/^\s*- /.test(line.text) || code === 'UNEXPECTED_TOKEN')
    return {
      reason: 'there is a list item among keys',
      hint:
        'indent the lines that begin with `-` further than the key of the list, or write the list in brackets ' +
        'after the key',
    }
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && next.indent > line.indent)
    return {
      reason: `this line is indented by ${spaces(next.indent)}, but the key above it already has a value`,
      hint: `indent it by ${spaces(line.indent)}, like the line above`,
      offset: next.start + next.indent,
    }
  if (code !== 'BAD_INDENT') return null
  const above = siblingAbove(text, line)
  return {
    reason: `this line is indented by ${spaces(line.indent)}, which is between two levels`,
    hint: `indent it like the other keys of its section${above === null ? '' : `, by ${spaces(above)}`}`,
    offset: line.start + line.indent,
  }
}

/** If the line above is indented deeper, both lines were probably meant to be on one level. */
function siblingAbove(text: string, { start, indent }: Line): number | null {
  const above = lineAt(text, start - 1)
  return above.indent > indent ? above.indent : null
}

function spaces(count: number): string {
  return count === 1 ? '1 space' : `${count} spaces`
}

function ofCode(code: string): SyntaxFault | null {
  if (code === 'BAD_DQ_ESCAPE')
    return {
      reason: 'a backslash in double quotes begins an escape sequence',
      hint: 'write two backslashes, or use single quotes',
    }
  if (code === 'MISSING_CHAR' || code === 'MULTILINE_IMPLICIT_KEY')
    return { reason: 'this is not a `key: value` line', hint: 'write a key, a colon, a space and a value' }
  return null
}

function short(value: string): string {
  const text = value.trim()
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}
