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
    series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#a67c00', '#56b4e9', '#444444', '#8a3ffc'],
    ramp: rampOf(0, 0.78),
  },
  dark: {
    paper: '#16161a',
    ink: '#ececf1',
    faint: '#a3a3ad',
    line: '#3a3a42',
    missing: '#55555e',
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

/** The place of the colour that an outcome has in every figure. */
const outcomes: Readonly<Record<string, number>> = {
  ...{ escape: 1, escaped: 1 },
  ...{ converge: 2, converged: 2 },
  ...{ diverge: 3, diverged: 3 },
}

/** The places of the colours of series. Others than outcomes have the colours that the outcomes leave. */
function placesOf(series: readonly string[]): readonly number[] {
  const taken = series.flatMap((name) => outcomes[name] ?? [])
  const free = palette.light.series.map((_, at) => at).filter((at) => !taken.includes(at))
  let next = 0
  return series.map((name) => outcomes[name] ?? free[next++ % free.length]!)
}

/** The colour of a series. If the figure has a coloured surface, every theme uses the lighter variant. */
export function seriesColor({ layers, series }: Pick<Figure, 'layers' | 'series'>, place: number): string {
  const areNumbers = series.length > 1 && series.every((name) => name !== '' && Number.isFinite(Number(name)))
  if (areNumbers) return `var(--figure-r${1 + Math.round((place * (rampSize - 1)) / (series.length - 1))})`
  if (series[place] === 'undecided') return missing
  const at = placesOf(series)[place] ?? 0
  return layers.some(({ type }) => type === 'surface') ? palette.dark.series[at]! : `var(--figure-${at + 1})`
}

/** The custom properties of a theme, for a style sheet. */
export function themeProperties(theme: 'light' | 'dark'): Readonly<Record<string, string>> {
  const { series, ramp, ...others } = palette[theme]
  return Object.fromEntries([
    ...Object.entries(others).map(([name, color]) => [`--figure-${name}`, color] as const),
    ...series.map((color, at) => [`--figure-${at + 1}`, color] as const),
    ...ramp.map((color, at) => [`--figure-r${at + 1}`, color] as const),
  ])
}

/** With the theme `page`, the names of colours remain, since the style sheet of the page defines them. */
export function inTheme(svg: string, theme: Theme): string {
  if (theme === 'page') return svg
  const properties = themeProperties(theme)
  return svg.replace(/var\((--figure-[a-z0-9]+)\)/g, (whole, name: string) => properties[name] ?? whole)
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
