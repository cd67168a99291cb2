import { type LandscapeScene, landscapeScene, sliceScene } from '@driftfarm/report'
import type { Sweep } from '@driftfarm/spec'
import { LandscapeView } from '../../parts/LandscapeView.tsx'

export type Picture = { readonly scene: LandscapeScene } | { readonly why: string }

/** In more dimensions, the losses of a plane take longer than a reader waits between two keys. */
const maxSliced = 50

/** The landscape of the first cell, with its start and the set where a trial has escaped. */
export function pictureOf(sweep: Sweep): Picture {
  const { cell, tables } = sweep.cell(0)
  const { dimension } = cell.landscape
  const { minima } = cell.trial
  try {
    if (dimension <= 2) return { scene: landscapeScene(cell, tables, { title: '', minima })! }
    if (dimension <= maxSliced && minima.length > 1) return { scene: sliceScene(cell, tables, '', minima.slice(0, 3)) }
    return { why: `A landscape with ${dimension} coordinates has no picture.` }
  } catch (error) {
    return { why: (error as Error).message }
  }
}

/** `height` is the largest height in pixels. */
export const LandscapePicture = ({ picture, height }: { readonly picture: Picture; readonly height: number }) =>
  'scene' in picture ? (
    <LandscapeView scene={picture.scene} paths={[]} animate={false} height={height} />
  ) : (
    <p className="faint">{picture.why}</p>
  )
