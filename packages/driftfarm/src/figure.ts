import { FarmError, figureFile } from '@driftfarm/farm'
import {
  type FigureFormat,
  type FigureStyle,
  figureOf,
  figureOptions,
  requireApplicableOptions,
  type Source,
  type SweepFigure,
} from '@driftfarm/report'

/** Describes a figure of a sweep, with the options of the command `driftfarm figure`. */
export interface FigureRequest extends Omit<SweepFigure, 'onCells'>, FigureStyle {
  /** svg and json give text; png and pdf give bytes. Default: svg. */
  readonly format?: FigureFormat
}

/** The content of a figure in the requested format. */
export type FigureContent<Request extends FigureRequest> = Request extends { readonly format: 'png' | 'pdf' }
  ? Uint8Array
  : Request extends { readonly format: FigureFormat }
    ? string | (Request['format'] extends 'svg' | 'json' ? never : Uint8Array)
    : string

export async function drawn<const Request extends FigureRequest>(
  source: Source,
  sweep: string,
  { format = 'svg', width, height, theme, plain, ...request }: Request,
): Promise<FigureContent<Request>> {
  const known: readonly string[] = ['kind', ...figureOptions]
  const unknown = Object.keys(request).find((key) => !known.includes(key))
  if (unknown !== undefined)
    throw new FarmError('USAGE', `a figure has no option ${unknown}`, {
      hint:
        `the options are format, width, height, theme, plain, ${known.join(', ')}. The call returns the ` +
        'figure; write it to a file yourself',
    })
  requireApplicableOptions(request, (option, value) => (value === undefined ? option : `${option} ${value}`))
  const figure = await figureOf(source, sweep, request)
  return (await figureFile(figure, format, { width, height, theme, plain })) as FigureContent<Request>
}
