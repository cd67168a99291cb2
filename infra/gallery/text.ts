import type { Ours, Theirs } from './entry.ts'

/** Rounded to significant digits, without trailing zeros and without e+. */
const significant = (value: number, digits: number): string => String(Number(value.toPrecision(digits)))

/** A number with its limits, rounded to two digits of the width: 0.131 [0.111, 0.154]. */
export function withLimits({ value, low, high }: Ours): string {
  const width = high - low
  const place = width > 0 ? Math.floor(Math.log10(width)) - 1 : -6
  const text = (x: number): string => {
    if (x === 0 || x === 1) return String(x)
    if (-place <= 6) return x.toFixed(Math.max(-place, 0))
    return x.toExponential(Math.max(Math.floor(Math.log10(Math.abs(x))) - place, 1))
  }
  return `${text(value)} [${text(low)}, ${text(high)}]`
}

export function theirsText(theirs: Theirs): string {
  switch (theirs.kind) {
    case 'count':
      return significant(theirs.events / theirs.trials, 4)
    case 'value':
      return theirs.slack === undefined
        ? significant(theirs.value, 8)
        : `${significant(theirs.value, 4)} ± ${significant(theirs.slack, 2)}`
    case 'range':
      if (theirs.low === 0) return `<= ${significant(theirs.high, 4)}`
      if (theirs.high === 1 || theirs.high === Number.POSITIVE_INFINITY) return `>= ${theirs.low}`
      return `${significant(theirs.low, 4)} to ${significant(theirs.high, 4)}`
    case 'said':
      return theirs.text
  }
}

export const grouped = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 })

export const seconds = (value: number): string => (value < 10 ? value.toFixed(1) : grouped(value))

/** A Markdown table. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(titles), `|${titles.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}
