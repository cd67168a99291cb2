/** Something whose time is measured again and again: a call gives nanoseconds per unit of its work. */
export interface Contestant {
  readonly name: string
  time(round: number): number | Promise<number>
}

export interface Measured {
  readonly name: string
  /** Median over the rounds, in nanoseconds. */
  readonly median: number
  /** Quartiles. */
  readonly low: number
  readonly high: number
}

/** All contestants in turn, round after round: what else the machine does meets all alike, so ratios are fair. */
export async function interleaved(contestants: readonly Contestant[], rounds: number): Promise<readonly Measured[]> {
  const times = contestants.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, contestant] of contestants.entries()) times[index]!.push(await contestant.time(round))
  }
  return contestants.map(({ name }, index) => ({ name, ...quartiles(times[index]!) }))
}

function quartiles(values: readonly number[]): Omit<Measured, 'name'> {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1) + 0.5)]!
  return { low: at(0.25), median: at(0.5), high: at(0.75) }
}

/** Processor time of the process, which other work on the machine makes no longer, as nanoseconds per unit. */
export function nanosecondsPer(units: number, work: () => void): number {
  const begin = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(begin)
  return ((user + system) * 1e3) / units
}

/** Prints rows as a table of Markdown. */
export function printTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((text, column) => Math.max(text.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]) => `| ${cells.map((text, i) => pad(text, widths[i]!, i)).join(' | ')} |`
  console.log(`\n${title}\n`)
  console.log(line(head))
  console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`)
  for (const row of rows) console.log(line(row))
}

/** Names to the left, numbers to the right. */
function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width)
}

/** The first of `measured` against all: its time, and its time as part of theirs, with the goal where there is one. */
export function printRatios(
  title: string,
  measured: readonly Measured[],
  unit: string,
  goals: Readonly<Record<string, number>>,
): void {
  const [own] = measured
  printTable(
    title,
    ['', `ns per ${unit}`, 'quartiles', `${own!.name} / this`, 'goal'],
    measured.map(({ name, median, low, high }) => {
      const goal = goals[name]
      return [
        name,
        digits(median),
        `${digits(low)} .. ${digits(high)}`,
        (own!.median / median).toFixed(2),
        goal === undefined ? '' : `<= ${goal}: ${own!.median / median <= goal ? 'met' : 'missed'}`,
      ]
    }),
  )
}

export function digits(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0)
}
