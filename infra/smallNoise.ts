// The example small-noise: Theorem 2 and the exact rate against large deviations. Prints the tables of
// examples/results/small-noise.txt and draws docs/images/small-noise.svg: npm run examples -- small-noise
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { type Figure, grouped } from '@driftfarm/report'
import { headlessDocument, svgOf } from '@driftfarm/report/drawing'
import { parseSweep } from '@driftfarm/spec'
import { type AppliedAsymptotic, asymptotics, oracle, theorem } from '../packages/theory/src/index.ts'
import { leastAction } from './leastAction.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const text = readFileSync(join(root, 'examples/small-noise.yaml'), 'utf8')
const parse = (...set: readonly (readonly [string, string])[]) =>
  parseSweep(text, { fileName: 'examples/small-noise.yaml', set })
const sweep = parse()
const short = sweep.demand.horizons[0]!

/** A bound over a horizon, as a multiple of the exact probability, and the spacing of its nodes in noise steps. */
interface Bound {
  readonly ratio: number
  readonly spacing: number
}

/** The exact rate and the laws of one cell. */
export interface Row {
  readonly eta: number
  readonly sigma: number
  readonly temperature: number
  /** The barrier of the loss, and of the chain to the second order in eta, which `freidlin-wentzell` prints. */
  readonly barrier: number
  readonly secondOrder: number
  /** The exact rate per step. */
  readonly rate: number
  /** The rate of `discrete-kramers`, without its factor exp(-dL / T). */
  readonly kramers: number
  readonly steps: number
  readonly long: Bound
  readonly short: Bound
}

/** The ratio of the rates of two escape probabilities within the same number of steps. */
const over = (bound: number, exact: number): number => Math.log1p(-bound) / Math.log1p(-exact)

export async function rowOf(index: number): Promise<Row> {
  const { cell, tables } = sweep.cell(index)
  const known = oracle(cell, tables, { horizons: [short] })
  if ('reason' in known) throw new Error(known.reason)
  const exact = (name: string) => known.answers.find((answer) => answer.name === name)!.value
  const laws = asymptotics(cell, tables)
  const law = (name: string, quantity: keyof AppliedAsymptotic['quantities']): number => {
    const found = laws.find((one) => one.name === name)!
    if (!found.applies) throw new Error(found.reason)
    return found.quantities[quantity]!.value
  }
  const bound = async (steps: number, event: string): Promise<Bound> => {
    const horizon = parse(['trial.steps', String(steps)], ['horizons', '[]']).cell(index)
    const { certificate } = await theorem(horizon.cell, horizon.tables)
    if ('reason' in certificate) throw new Error(certificate.reason)
    return { ratio: over(certificate.escape, exact(event)), spacing: certificate.spacing }
  }
  const { eta, scale, temperature } = known.chain
  const { steps } = cell.trial
  return {
    eta,
    sigma: scale / eta,
    temperature: temperature!,
    barrier: law('freidlin-wentzell', 'barrier'),
    secondOrder: law('freidlin-wentzell', 'discreteBarrier'),
    rate: exact('rate'),
    kramers: law('discrete-kramers', 'ratePerStep') * Math.exp(law('discrete-kramers', 'exponent')),
    steps,
    long: await bound(steps, 'escape'),
    short: await bound(short, `escape@${short}`),
  }
}

/** The exponents of a step size. */
interface Exponents {
  /** The least action of paths straight up to the saddle, and of all paths. */
  readonly straight: number
  readonly least: number
}

export const exponentsOf = (eta: number): Exponents => ({
  straight: leastAction(eta, -1),
  least: leastAction(eta, -2.5),
})

/** The rate of each kind, and the spacing of its mesh: 0 for the exact rate. */
interface Kind {
  readonly rate: (row: Row) => number
  readonly spacing: (row: Row) => number
}
export const kinds = {
  exact: { rate: ({ rate }) => rate, spacing: () => 0 },
  short: { rate: (row) => row.rate * row.short.ratio, spacing: (row) => row.short.spacing },
  long: { rate: (row) => row.rate * row.long.ratio, spacing: (row) => row.long.spacing },
} as const satisfies Record<string, Kind>

/** -d ln r / d(1/T) between two cells. */
export const slope = ({ rate }: Kind, hot: Row, cold: Row): number =>
  Math.log(rate(hot) / rate(cold)) / (1 / cold.temperature - 1 / hot.temperature)

/** Across a change of mesh a slope contains a jump of the ratio. It is starred and not drawn. */
const isOfOneMesh = ({ spacing }: Kind, hot: Row, cold: Row): boolean => spacing(hot) === spacing(cold)
const slopeText = (kind: Kind, hot: Row, cold: Row): string =>
  `${exponent(slope(kind, hot, cold))}${isOfOneMesh(kind, hot, cold) ? ' ' : '*'}`

const number = (value: number): string => String(Number(value.toPrecision(4)))
const exponent = (value: number): string => value.toFixed(5)
const factor = (value: number): string => value.toFixed(3)

/** A line of the table of rates. `hot` is the previous cell of the same step size. */
export function rateLine(row: Row, hot: Row | null): readonly string[] {
  const slopes = Object.values(kinds).map((kind) => (hot === null ? '- ' : slopeText(kind, hot, row)))
  const bounds = [row.short, row.long].flatMap((bound) => [
    (row.rate * bound.ratio).toExponential(4),
    String(bound.spacing),
    factor(bound.ratio),
  ])
  return [number(row.eta), number(row.sigma), number(row.temperature), row.rate.toExponential(4), ...bounds, ...slopes]
}

/** A line of the table of prefactors. */
export function prefactorLine(row: Row, { least }: Exponents): readonly string[] {
  const without = ({ rate }: Kind) => rate(row) * Math.exp(least / row.temperature)
  const exact = without(kinds.exact)
  const shares = [row.short, row.long].flatMap(({ ratio, spacing }) => [
    ((row.temperature * Math.log(ratio)) / least).toFixed(5),
    (spacing ** 2 / 6).toFixed(5),
  ])
  return [
    number(row.eta),
    number(row.temperature),
    exact.toPrecision(4),
    without(kinds.short).toPrecision(4),
    without(kinds.long).toPrecision(4),
    row.kramers.toPrecision(4),
    factor(exact / row.kramers),
    ...shares,
  ]
}

/** A line of the table of exponents, from the coldest two cells of a step size. */
export function exponentLine(hot: Row, cold: Row, { straight, least }: Exponents): readonly string[] {
  const values = [cold.barrier, cold.secondOrder, straight, least]
  return [number(cold.eta), ...values.map(exponent), ...Object.values(kinds).map((kind) => slopeText(kind, hot, cold))]
}

function table(titles: readonly string[], lines: readonly (readonly string[])[]): string {
  const all = [titles, ...lines]
  const widths = titles.map((_, i) => Math.max(...all.map((line) => line[i]!.length)))
  return all
    .map((line) =>
      line
        .map((cell, i) => cell.padStart(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The cells of each step size, from hot to cold. */
const byEta = (rows: readonly Row[]): readonly (readonly Row[])[] =>
  [...new Set(rows.map(({ eta }) => eta))].map((eta) =>
    rows.filter((row) => row.eta === eta).toSorted((a, b) => b.temperature - a.temperature),
  )

function report(rows: readonly Row[], exponents: (eta: number) => Exponents): string {
  const steps = grouped(rows[0]!.steps)
  const groups = byEta(rows)
  const rateTitles = ['eta', 'sigma', 'T', 'exact rate', `${short} steps`, 'h', 'ratio', `${steps} steps`, 'h', 'ratio']
  const slopes = ['slope', `of ${short}`, `of ${steps}`]
  const prefactors = ['exact', `${short} steps`, `${steps} steps`, 'Kramers', 'exact/Kramers']
  const shares = [`share ${short}`, 'h^2/6', `share ${steps}`, 'h^2/6']
  return [
    'Rates per step: exact, and by the certificates over two horizons; slope = -d ln rate / d(1/T)',
    'from the row above; h = spacing of the nodes in noise steps; ratio = to the exact rate; * = across a change of h',
    '',
    table(
      [...rateTitles, ...slopes],
      groups.flatMap((group) => group.map((row, i) => rateLine(row, group[i - 1] ?? null))),
    ),
    '',
    'Exponents: barrier of the loss; law freidlin-wentzell, to the order eta^2; least action of paths',
    'straight up, and of all paths; last slopes above',
    '',
    table(
      ['eta', 'dL', 'law', 'straight V', 'least V', 'exact', `${short} steps`, `${steps} steps`],
      groups.map((group) => exponentLine(group.at(-2)!, group.at(-1)!, exponents(group[0]!.eta))),
    ),
    '',
    'Prefactors: rate e^(V/T) with the least V, and the one of discrete-kramers; share = T ln(ratio) / V',
    '',
    table(
      ['eta', 'T', ...prefactors, ...shares],
      groups.flatMap((group) => group.map((row) => prefactorLine(row, exponents(row.eta)))),
    ),
  ].join('\n')
}

/** The panel of a step size: slopes between neighbouring cells over the temperature between them. */
function panelOf(group: readonly Row[], { least, straight }: Exponents): string {
  const { eta, barrier } = group[0]!
  const steps = grouped(group[0]!.steps)
  const pairs = group.slice(1).map((cold, i) => ({ hot: group[i]!, cold }))
  const points = (kind: Kind) =>
    pairs
      .filter(({ hot, cold }) => isOfOneMesh(kind, hot, cold))
      .map(({ hot, cold }) => ({
        x: 2 / (1 / hot.temperature + 1 / cold.temperature),
        y: slope(kind, hot, cold),
        spacing: kind.spacing(cold),
      }))
  const isStraight = straight - least < tolerance
  const names = {
    exact: 'exact',
    short: `certificate, ${short} steps`,
    long: `certificate, ${steps} steps`,
    barrier: `dL = ${number(barrier)}`,
    least: `V, least action: ${exponent(least)}`,
    straight: `straight up: ${exponent(straight)}`,
  }
  const drawn = { exact: points(kinds.exact), short: points(kinds.short), long: points(kinds.long) }
  const values = [barrier, least, ...Object.values(drawn).flatMap((line) => line.map(({ y }) => y))]
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const air = 0.08 * (high - low)
  const most = 1.05 * Math.max(...drawn.exact.map(({ x }) => x))
  const axis = (label: string, domain: [number, number]): Figure['x'] => ({
    label,
    scale: 'linear',
    domain,
    categories: null,
    ticks: null,
    path: null,
  })
  const level = (series: string, y: number): Figure['layers'][number] => ({
    type: 'line',
    series,
    role: 'fit',
    steps: false,
    points: [
      { x: 0, y },
      { x: most, y },
    ],
    text: series,
  })
  // A line joins only slopes of one mesh.
  const certified = (series: string, all: typeof drawn.short): Figure['layers'] =>
    [...new Set(all.map(({ spacing }) => spacing))].map((spacing) => ({
      type: 'points',
      series,
      joined: true,
      points: all
        .filter((one) => one.spacing === spacing)
        .map(({ x, y }) => ({ ...nothing, x, y, text: `${series}: h = ${spacing}` })),
    }))
  const figure: Figure = {
    figure: 'curve',
    title: `Step size eta = ${eta}: exponent of the escape rate`,
    sweep: null,
    of: null,
    x: axis('temperature T (noise vanishes on the left)', [0, most]),
    y: axis('-d ln(rate) / d(1/T), between neighbouring temperatures', [low - air, high + air]),
    color: null,
    seriesTitle: null,
    panels: [],
    series: [names.exact, names.short, names.least, names.barrier, names.long, ...(isStraight ? [] : [names.straight])],
    layers: [
      level(names.barrier, barrier),
      ...(isStraight ? [] : [level(names.straight, straight)]),
      level(names.least, least),
      ...certified(names.long, drawn.long),
      ...certified(names.short, drawn.short),
      { type: 'line', series: names.exact, role: 'exact', steps: false, points: drawn.exact, text: names.exact },
    ],
    caption: [
      ...(isStraight
        ? ['The cheapest escape climbs straight to the saddle.']
        : ['The cheapest escape is a throw up the outer wall, from where one long step crosses the well.']),
      'The slope of a certificate is lower than the exact one by a share of h^2/6, for nodes h noise steps apart.',
      'Slopes between temperatures with different h are left out.',
      ...(drawn.long.length > 0 ? [] : [`The certificate over ${steps} steps has no two neighbours with the same h.`]),
    ],
  }
  return svgOf(figure, { width, document: headlessDocument() })
}

const nothing = { cell: null, low: null, high: null, limit: null, doubt: null } as const
/** Paths whose actions differ by less count as one. */
const tolerance = 1e-6
const width = 720

/** The panels, one below the other. */
function stacked(panels: readonly string[], title: string): string {
  let y = 0
  const parts = panels.map((panel) => {
    const placed = panel.replace('<svg ', `<svg y="${y}" `)
    y += Number(/height="(\d+)"/.exec(panel)![1])
    return placed.trimEnd()
  })
  const size = `width="${width}" height="${y}" viewBox="0 0 ${width} ${y}"`
  const head = `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">`
  return [head, `<title>${title}</title>`, ...parts, '</svg>', ''].join('\n')
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const rows: Row[] = []
  for (let index = 0; index < sweep.cellCount; index++) rows.push(await rowOf(index))
  const known = new Map(rows.map(({ eta }) => [eta, exponentsOf(eta)]))
  const exponents = (eta: number) => known.get(eta)!
  writeFileSync(
    join(root, 'docs/images/small-noise.svg'),
    stacked(
      byEta(rows).map((group) => panelOf(group, exponents(group[0]!.eta))),
      'Exponents of the escape rate of the double well as noise vanishes',
    ),
  )
  process.stdout.write(`${report(rows, exponents)}\n`)
}
