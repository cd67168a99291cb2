import type { Figure } from '@driftfarm/report'
import { svgOf } from '@driftfarm/report/drawing'

// This file is loaded only when a figure is shown, because drawing needs a library that the first view does not need.

export function drawn(figure: Figure, width: number): string {
  return svgOf({ ...figure, caption: [] }, { document, theme: 'page', width })
}

export const asFile = (figure: Figure): string => svgOf(figure, { document, theme: 'light', width: 720 })
