import { type Figure, type PathsData, pathName, seriesColor } from '@driftfarm/report'

/**
 * The colour of each path on a landscape, as in a figure of these paths: that of the outcome, also while a path is
 * shown in part. A few paths of one outcome have different shades.
 */
export function pathColors({ layers }: Pick<Figure, 'layers'>, paths: PathsData['paths'], isFew: boolean) {
  const names = paths.map(pathName)
  return names.map((name, at) =>
    isFew ? seriesColor({ layers, series: names }, at) : seriesColor({ layers, series: [name] }, 0),
  )
}
