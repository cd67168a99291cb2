import type { Axis, Figure } from '../figure/figure.ts'

/**
 * The colour map viridis (van der Walt and Smith, matplotlib 2015) at ten equally spaced points. Its lightness
 * increases evenly, so pictures are also readable in grey. The colours of d3-scale-chromatic differ slightly, so they
 * would not match figures that were drawn earlier.
 */
const viridis = [
  0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725,
] as const

/** For differences: blue below 0, red above (RdBu of ColorBrewer, which colour-blind readers can also tell apart). */
const blueToRed = [
  0x053061, 0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7, 0xfddbc7, 0xf4a582, 0xd6604d, 0xb2182b, 0x67001f,
] as const

export type Rgb = readonly [red: number, green: number, blue: number]

/**
 * The colour of a share in 0 .. 1, from dark to light. Values outside are clamped. A scale that reaches equally far
 * below and above 0 has the colours of differences.
 */
export function colorAt(share: number, { domain }: Partial<Pick<Axis, 'domain'>> = {}): Rgb {
  const anchors = domain && domain[0] < 0 && domain[0] === -domain[1] ? blueToRed : viridis
  const place = Math.max(0, Math.min(1, share)) * (anchors.length - 1)
  const at = Math.min(Math.floor(place), anchors.length - 2)
  const part = place - at
  const channel = (shift: number) => {
    const from = (anchors[at]! >> shift) & 255
    const to = (anchors[at + 1]! >> shift) & 255
    return Math.round(from + part * (to - from))
  }
  return [channel(16), channel(8), channel(0)]
}

export function hex(color: Rgb): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

/** The colour of a text such as #1b1b1f. */
export const rgbOf = (text: string): Rgb =>
  [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16)) as unknown as Rgb

/**
 * Where a figure is shown. `page` leaves the colours to the style sheet of the page, which has light and dark colours.
 */
export type Theme = 'light' | 'dark' | 'page'

const rampSize = 8
const rampOf = (from: number, to: number): readonly string[] =>
  Array.from({ length: rampSize }, (_, at) => hex(colorAt(from + ((to - from) * at) / (rampSize - 1))))

/**
 * The colours of series: those of Okabe and Ito (2008), which can be distinguished with any colour vision. In this
 * order, neighbours also differ in lightness. Series that are numbers have the colours of `ramp` in their order. The
 * dark theme uses lighter variants.
 */
export const palette = {
  light: {
    paper: '#ffffff',
    ink: '#1b1b1f',
    faint: '#6b6b76',
    line: '#d9d9e0',
    missing: '#c8c8cf',
    undecided: '#8e8e98',
    series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#a67c00', '#56b4e9', '#444444', '#8a3ffc'],
    ramp: rampOf(0, 0.78),
  },
  dark: {
    paper: '#16161a',
    ink: '#ececf1',
    faint: '#a3a3ad',
    line: '#3a3a42',
    missing: '#55555e',
    undecided: '#85858f',
    series: ['#56b4e9', '#ff8c42', '#2fc79a', '#f0a3cb', '#f0d442', '#9ad7ff', '#d0d0d0', '#c6a5ff'],
    ramp: rampOf(0.3, 1),
  },
} as const

/** Names of colours in a drawing, before a theme is chosen. */
export const ink = 'var(--figure-ink)'
export const paper = 'var(--figure-paper)'
export const faint = 'var(--figure-faint)'
export const rule = 'var(--figure-line)'
export const missing = 'var(--figure-missing)'

/** The colour of an outcome in every figure: its place among those of series. `undecided` has a colour of its own. */
const outcomes: Readonly<Record<string, number | 'undecided'>> = {
  ...{ escape: 1, escaped: 1 },
  ...{ converge: 2, converged: 2 },
  ...{ diverge: 3, diverged: 3 },
  undecided: 'undecided',
}

/** The outcome that a series is about, such as `trial 3: escaped` or `0.1 · escape`. */
const outcomeOf = (name: string): number | 'undecided' | undefined => outcomes[name.split(/: | · /).at(-1)!]

/** Shades of a colour, from paper to ink, for several series about the same outcome. */
const shades = [
  { towards: 'paper', share: 0.5 },
  { towards: 'paper', share: 0.3 },
  { towards: 'ink', share: 0 },
  { towards: 'ink', share: 0.35 },
  { towards: 'ink', share: 0.65 },
] as const
/** The place of the colour itself in `shades`. */
const plain = 2

function shadeOf(theme: keyof typeof palette, color: string, shade: number): string {
  const { ink, paper } = palette[theme]
  const { towards, share: whole } = shades[shade]!
  // Ink itself has no shades towards ink. Those towards paper need smaller shares, so that all differ.
  const [end, share] = towards === 'paper' ? [paper, whole] : color === ink ? [paper, 0.6 * whole] : [ink, whole]
  const [from, to] = [rgbOf(color), rgbOf(end)]
  return hex(from.map((channel, at) => Math.round(channel + share * (to[at]! - channel))) as unknown as Rgb)
}

/** The shade of the series `at` among `count` ones. More series than shades repeat them. */
function shadeAmong(count: number, at: number): number {
  const first = count > shades.length ? 0 : plain - Math.floor((count - 1) / 2)
  return (first + at) % shades.length
}

/** The colour and shade of each series. A series about no outcome gets a colour that no outcome in the figure has. */
function placesOf(series: readonly string[]) {
  const of = series.map(outcomeOf)
  const free = palette.light.series.map((_, at) => at).filter((at) => !of.includes(at))
  let next = 0
  return of.map((outcome, at) => {
    if (outcome === undefined) return { place: free[next++ % free.length]!, shade: plain }
    const isSame = (other: typeof outcome | undefined) => other === outcome
    return { place: outcome, shade: shadeAmong(of.filter(isSame).length, of.slice(0, at).filter(isSame).length) }
  })
}

const nameOf = (place: number | 'undecided', shade: number = plain): string =>
  `${place === 'undecided' ? place : place + 1}${shade === plain ? '' : `-${shade}`}`

/** The colour of a series. If the figure has a coloured surface, every theme uses the lighter variant. */
export function seriesColor({ layers, series }: Pick<Figure, 'layers' | 'series'>, at: number): string {
  const areNumbers = series.length > 1 && series.every((name) => name !== '' && Number.isFinite(Number(name)))
  if (areNumbers) return `var(--figure-r${1 + Math.round((at * (rampSize - 1)) / (series.length - 1))})`
  const { place, shade } = placesOf(series)[at] ?? { place: 0, shade: plain }
  if (!layers.some(({ type }) => type === 'surface')) return `var(--figure-${nameOf(place, shade)})`
  return shadeOf('dark', place === 'undecided' ? palette.dark.ink : palette.dark.series[place]!, shade)
}

/** The custom properties of a theme, for a style sheet. */
export function themeProperties(theme: 'light' | 'dark'): Readonly<Record<string, string>> {
  const { series, ramp, ...others } = palette[theme]
  const colors = [...series.map((color, at) => [at, color] as const), ['undecided', others.undecided] as const]
  const ofOutcomes = new Set(Object.values(outcomes))
  const properties = [
    ...Object.entries(others),
    ...colors.flatMap(([place, color]) => [
      [nameOf(place), color] as const,
      ...(ofOutcomes.has(place) ? shades : []).map(
        (_, shade) => [nameOf(place, shade), shadeOf(theme, color, shade)] as const,
      ),
    ]),
    ...ramp.map((color, at) => [`r${at + 1}`, color] as const),
  ]
  return Object.fromEntries(properties.map(([name, color]) => [`--figure-${name}`, color]))
}

/** With the theme `page`, the names of colours remain, since the style sheet of the page defines them. */
export function inTheme(svg: string, theme: Theme): string {
  if (theme === 'page') return svg
  const properties = themeProperties(theme)
  return svg.replace(/var\((--figure-[a-z0-9-]+)\)/g, (whole, name: string) => properties[name] ?? whole)
}

export const figureFormats = ['svg', 'png', 'pdf', 'csv', 'json'] as const
export type FigureFormat = (typeof figureFormats)[number]

export interface FigureStyle {
  /** Width in pixels, from 320 to 4000; default 720. */
  readonly width?: number | undefined
  /** Height in pixels, from 200 to 4000. By default, it follows from the width. */
  readonly height?: number | undefined
  /** The colours of the file; default light. */
  readonly theme?: Theme | undefined
  /**
   * Whether to leave out title and caption, for a paper that has both in its text. They remain in an SVG file as its
   * title and description. Default false.
   */
  readonly plain?: boolean | undefined
}
