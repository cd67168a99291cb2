import { FormulaError, nullIf, parseNumber } from '@driftfarm/formula'
import { isUnclosed, unclosedHint } from './flowStyle.ts'

const units: Readonly<Record<string, number>> = { k: 1e3, K: 1e3, M: 1e6, G: 1e9 }

/** Null if the name of the expected type is enough of a hint. */
export function numberHint(value: unknown, expected: string): string | null {
  const isNumeric = /number|integer|percent/.test(expected) && !/^(a mapping|a list|a point)/.test(expected)
  if (value === null)
    return /^(a mapping|a point|`none`)/.test(expected) ? null : `write a value after the colon: ${expected}`
  if (typeof value === 'boolean' && /number|integer/.test(expected)) return `write ${expected}`
  if (typeof value === 'number') return ofNumber(value, expected)
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (/, or full\b/.test(expected) && /^(full|all|none|null|auto)$/i.test(text))
    return 'write `full` to use all samples'
  if (/true|false/.test(expected) && /^(yes|no|on|off|y|n|1|0)$/i.test(text))
    return `write ${/^(yes|on|y|1)$/i.test(text) ? 'true' : 'false'}`
  if (/^\[?\s*(-?[\d.]+\s*[,;]\s*)+-?[\d.]+\s*\]?$/.test(text) && /point|list|\[/.test(expected))
    return `write a list in brackets and without quotes: [${text.replace(/[[\]\s]/g, '').replace(/[,;]/g, ', ')}]`
  if (/point|list of|\[/.test(expected) && isNumeral(text)) return `write it in brackets: [${text}]`
  if (!isNumeric) return null
  const unitHint = /^[+-]?\d/.test(text) ? 'write a single number without units, such as 0.001 or 1e-3' : null
  return numeralHint(text) ?? nothingHint(text) ?? unitHint
}

export function isNothing(value: unknown): boolean {
  return value === null || (typeof value === 'string' && /^(none|null|nil|nan|off|no|false)$/i.test(value.trim()))
}

export function isExpression(value: unknown): boolean {
  return typeof value === 'string' && /^\s*=/.test(value)
}

function ofNumber(value: number, expected: string): string | null {
  if (/point/.test(expected)) return `write it in brackets: [${value}]`
  if (/true|false/.test(expected)) return value === 0 || value === 1 ? `write ${value === 1}` : null
  return /^(a text|a name)/.test(expected) ? `write it in quotes: "${value}"` : null
}

function nothingHint(text: string): string | null {
  return isNothing(text) || /^(auto|default)$/i.test(text)
    ? 'write a number; if the key has a default, you can remove the line instead'
    : null
}

function numeralHint(text: string): string | null {
  if (isNumeral(text)) return `remove the quotes: ${text}`
  const bare = text.replace(/[_\s']/g, '')
  if (bare !== text && isNumeral(bare)) return `write ${bare}, without _ or spaces inside the number`
  const separated = separatorHint(text)
  if (separated !== null) return separated
  if (/^e[+-]?\d+$/i.test(text)) return `write 1${text}`
  const suffixed = /^(-?\d*\.?\d+)[fFdDlL]$/.exec(text)
  if (suffixed !== null) return `write ${suffixed[1]}`
  const unit = /^(-?\d+(?:\.\d+)?)\s*([kKMG])$/.exec(text)
  if (unit !== null) return `write ${Number(unit[1]) * units[unit[2]!]!}`
  const percent = /^(-?\d+(?:\.\d+)?)\s*%$/.exec(text)
  if (percent !== null) return `write ${Number((Number(percent[1]) / 100).toPrecision(12))}`
  if (/^[+-]?\.?(inf|infinity|nan)$/i.test(text)) return 'numbers must be finite: write a large finite number instead'
  return expressionHint(text)
}

export function separatorHint(text: string): string | null {
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text))
    return `write ${text.replaceAll(',', '')}, without commas inside the number`
  if (/^[+-]?\d{1,3}([ '\u00a0\u202f]\d{3})+([.,]\d+)?$/.test(text))
    return `write ${text.replace(/[^\d.,+-]/g, '').replace(',', '.')}, without separators between the digits`
  if (/^[+-]?\d{1,3}(\.\d{3})+,\d+$/.test(text))
    return `write ${text.replaceAll('.', '').replace(',', '.')}: use . as the decimal point and no thousands separators`
  if (/^[+-]?\d+,\d+$/.test(text)) return `write ${text.replace(',', '.')}: use . as the decimal point`
  return null
}

function expressionHint(text: string): string | null {
  if (isUnclosed(text)) return unclosedHint
  const template = /^(?:\$\{?|\{\{?)\s*([A-Za-z_]\w*)\s*\}{0,2}$/.exec(text)?.[1]
  if (template !== undefined) return `write "= ${template}", where ${template} is a name under let`
  if (isNothing(text) || /^(auto|default)$/i.test(text)) return null
  const ours = text.replaceAll('**', '^').replace(/\b(np|numpy|math|torch|jnp|jax|tf|Math)\./g, '')
  return parses(ours) ? `this is text, not a number; for an expression write "= ${ours}"` : null
}

const parses = (text: string): boolean => nullIf(FormulaError, () => parseNumber(text)) !== null

function isNumeral(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)
}
