import type { Theme } from './draw/theme.ts'

export const figureFormats = ['svg', 'png', 'pdf', 'json'] as const
export type FigureFormat = (typeof figureFormats)[number]

export interface FigureStyle {
  /** Width in pixels; default 720. */
  readonly width?: number | undefined
  /** The colours of the file; default light. */
  readonly theme?: Theme | undefined
  /** Whether to leave out title and caption, for a paper that has both in its text. Default false. */
  readonly plain?: boolean | undefined
}
