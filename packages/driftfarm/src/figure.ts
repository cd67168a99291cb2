import { FarmError, figureFile } from '@driftfarm/farm'
import { type FigureFormat, figureOf, type Look, requireUsed, type Source, type SweepFigure } from '@driftfarm/report'

/** What to draw of a sweep, as `driftfarm figure` has it. */
export interface FigureRequest extends Omit<SweepFigure, 'onCells'>, Look {
  /** svg and json are text, png and pdf bytes. Default svg. */
  readonly format?: FigureFormat
}

/** What a figure of a format is. */
export type FigureContent<Request extends FigureRequest> = Request extends { readonly format: 'png' | 'pdf' }
  ? Uint8Array
  : Request extends { readonly format: FigureFormat }
    ? string | (Request['format'] extends 'svg' | 'json' ? never : Uint8Array)
    : string

/** Every option of a figure: of a new one the compiler says that it is missing here. */
const known: Readonly<Record<keyof Omit<FigureRequest, 'format' | keyof Look>, true>> = {
  kind: true,
  x: true,
  y: true,
  of: true,
  by: true,
  log: true,
  where: true,
  show: true,
  oracle: true,
  theorem: true,
  fit: true,
  cell: true,
  trials: true,
}

export async function drawn<const Request extends FigureRequest>(
  source: Source,
  sweep: string,
  { format = 'svg', width, theme, plain, ...request }: Request,
): Promise<FigureContent<Request>> {
  const unknown = Object.keys(request).find((key) => !Object.hasOwn(known, key))
  if (unknown !== undefined)
    throw new FarmError('USAGE', `a figure has no option ${unknown}`, {
      hint:
        `there are format, width, theme, plain, ${Object.keys(known).join(', ')}; what it gives is the figure ` +
        'itself: write it',
    })
  requireUsed(request, (option, value) => (value === undefined ? option : `${option} ${value}`))
  const figure = await figureOf(source, sweep, request)
  return (await figureFile(figure, format, { width, theme, plain })) as FigureContent<Request>
}
