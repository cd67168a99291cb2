/** Names of thousands and millions. */
const units: Readonly<Record<string, number>> = { k: 1e3, K: 1e3, M: 1e6, G: 1e9 }

/** What to write instead of a value that was meant as a number, a list or a truth value; null where nothing is known. */
export function numberHint(value: unknown, expected: string): string | null {
  if (value === null) return `write a value behind the colon: ${expected}`
  if (typeof value === 'boolean' && /number|integer/.test(expected)) return `write ${expected}`
  if (typeof value === 'number' && /point/.test(expected)) return `write it in brackets: [${value}]`
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (/true|false/.test(expected) && /^(yes|no|on|off|y|n|1|0)$/i.test(text))
    return `write ${/^(yes|on|y|1)$/i.test(text) ? 'true' : 'false'}`
  if (/^\[?\s*(-?[\d.]+\s*[,;]\s*)+-?[\d.]+\s*\]?$/.test(text) && /point|list|\[/.test(expected))
    return `write a list in brackets and without quotes: [${text.replace(/[[\]\s]/g, '').replace(/[,;]/g, ', ')}]`
  if (/point|list of|\[/.test(expected) && isNumeral(text)) return `write it in brackets: [${text}]`
  return /number|integer|percent/.test(expected) ? numeralHint(text) : null
}

function numeralHint(text: string): string | null {
  if (isNumeral(text)) return `leave the quotes out: ${text}`
  const bare = text.replace(/[_\s']/g, '')
  if (bare !== text && isNumeral(bare)) return `write ${bare}: no _ and no spaces inside a number`
  if (/^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) return `write ${text.replaceAll(',', '')}: no , inside a number`
  if (/^-?\d+,\d+$/.test(text)) return `write ${text.replace(',', '.')}: the decimal point is .`
  const unit = /^(-?\d+(?:\.\d+)?)\s*([kKMG])$/.exec(text)
  if (unit !== null) return `write ${Number(unit[1]) * units[unit[2]!]!}`
  const percent = /^(-?\d+(?:\.\d+)?)\s*%$/.exec(text)
  if (percent !== null) return `write ${Number((Number(percent[1]) / 100).toPrecision(12))}`
  if (/^[+-]?\.?(inf|infinity|nan)$/i.test(text)) return 'every number is finite: write a large one instead'
  return /[\d)]|^[A-Za-z_]\w*$/.test(text) && !/^(none|null|auto|default)$/i.test(text)
    ? `a text is no number; if it is meant as an expression, write "= ${text.replaceAll('**', '^')}"`
    : null
}

function isNumeral(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)
}
