import type { Figure } from '../figure.ts'

/**
 * Where a figure is shown. `page` leaves the colours to the style sheet of the page, which has light and dark colours.
 */
export type Theme = 'light' | 'dark' | 'page'

/**
 * The colours of series: those of Okabe and Ito (2008), which can be distinguished with any colour vision. In this
 * order, neighbours also differ in lightness. The dark theme uses lighter variants.
 */
export const palette = {
  light: {
    paper: '#ffffff',
    ink: '#1b1b1f',
    faint: '#6b6b76',
    line: '#d9d9e0',
    missing: '#c8c8cf',
    series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#a67c00', '#56b4e9', '#444444', '#8a3ffc'],
  },
  dark: {
    paper: '#16161a',
    ink: '#ececf1',
    faint: '#a3a3ad',
    line: '#3a3a42',
    missing: '#55555e',
    series: ['#56b4e9', '#ff8c42', '#2fc79a', '#f0a3cb', '#f0d442', '#9ad7ff', '#d0d0d0', '#c6a5ff'],
  },
} as const

/** Names of colours in a drawing, before a theme is chosen. */
export const ink = 'var(--figure-ink)'
export const paper = 'var(--figure-paper)'
export const faint = 'var(--figure-faint)'
export const rule = 'var(--figure-line)'
export const missing = 'var(--figure-missing)'

/** The colour of a series. If the figure has a coloured surface, every theme uses the lighter variant. */
export function seriesColor({ layers }: Pick<Figure, 'layers'>, place: number): string {
  const at = place % palette.light.series.length
  return layers.some(({ type }) => type === 'surface') ? palette.dark.series[at]! : `var(--figure-${at + 1})`
}

/** The custom properties of a theme, for a style sheet. */
export function themeProperties(theme: 'light' | 'dark'): Readonly<Record<string, string>> {
  const { series, ...others } = palette[theme]
  return Object.fromEntries([
    ...Object.entries(others).map(([name, color]) => [`--figure-${name}`, color] as const),
    ...series.map((color, at) => [`--figure-${at + 1}`, color] as const),
  ])
}

/** With the theme `page`, the names of colours remain, since the style sheet of the page defines them. */
export function inTheme(svg: string, theme: Theme): string {
  if (theme === 'page') return svg
  const properties = themeProperties(theme)
  return svg.replace(/var\((--figure-[a-z0-9]+)\)/g, (whole, name: string) => properties[name] ?? whole)
}
