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

interface Props {
  readonly picture: Picture
  /** The largest height in pixels. */
  readonly height: number
  /** Whether the text has changed into one without a picture. */
  readonly isOld?: boolean
}

export const LandscapePicture = ({ picture, height, isOld = false }: Props) => (
  <div className={isOld ? 'old-picture' : undefined}>
    {isOld && <p className="notice">Picture of the last valid spec</p>}
    {'scene' in picture ? (
      <LandscapeView scene={picture.scene} paths={[]} animate={false} height={height} />
    ) : (
      <p className="faint">{picture.why}</p>
    )}
  </div>
)
