import { type LandscapeScene, landscapeScene } from '@driftfarm/report'
import type { Sweep } from '@driftfarm/spec'
import { LandscapeView } from '../../parts/LandscapeView.tsx'

export type Picture = { readonly scene: LandscapeScene } | { readonly why: string }

/** The landscape of the first cell, with its start and the set where a trial has escaped. */
export function pictureOf(sweep: Sweep): Picture {
  const { cell, tables } = sweep.cell(0)
  const { dimension } = cell.landscape
  try {
    const scene = landscapeScene(cell, tables, { title: '', minima: cell.trial.minima })
    return scene === null ? { why: `A landscape with ${dimension} coordinates` } : { scene }
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
