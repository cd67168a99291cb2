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

const known: ReadonlySet<string> = new Set<keyof SweepFigure>([
  'kind',
  'x',
  'y',
  'of',
  'by',
  'log',
  'where',
  'show',
  'oracle',
  'theorem',
  'fit',
  'cell',
  'trials',
])

export async function drawn<const Request extends FigureRequest>(
  source: Source,
  sweep: string,
  { format = 'svg', width, theme, plain, ...request }: Request,
): Promise<FigureContent<Request>> {
  const unknown = Object.keys(request).find((key) => !known.has(key))
  if (unknown !== undefined)
    throw new FarmError('USAGE', `a figure has no option ${unknown}`, {
      hint:
        `there are format, width, theme, plain, ${[...known].join(', ')}; what it gives is the figure itself: ` +
        'write it',
    })
  requireUsed(request, (option, value) => (value === undefined ? option : `${option} ${value}`))
  const figure = await figureOf(source, sweep, request)
  return (await figureFile(figure, format, { width, theme, plain })) as FigureContent<Request>
}
