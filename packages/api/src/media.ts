import { ApiError } from './error.ts'

/**
 * Among the formats that the Accept header rates highest, returns the first in `formats`. Throws NOT_ACCEPTABLE if the
 * header accepts no format.
 */
export function negotiateFormat<const Format extends string>(
  accept: string | undefined,
  formats: readonly Format[],
  media: Readonly<Record<NoInfer<Format>, string>>,
): Format {
  if (accept === undefined || accept.trim() === '') return formats[0]!
  const ranges = accept.split(',').map((text) => {
    const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    return { range, q: quality === undefined ? 1 : Number(quality.slice(2)) || 0 }
  })
  const qualityOf = (format: Format): number => {
    const type = media[format].split(';')[0]!
    const fits = ranges.filter(({ range }) => range === type || range === '*/*' || range === `${type.split('/')[0]}/*`)
    // If several ranges match the format, the most specific one counts.
    fits.sort((a, b) => Number(b.range === type) - Number(a.range === type) || b.range.length - a.range.length)
    return fits[0]?.q ?? 0
  }
  const best = Math.max(...formats.map(qualityOf))
  const found = formats.find((format) => best > 0 && qualityOf(format) === best)
  if (found !== undefined) return found
  throw new ApiError('NOT_ACCEPTABLE', `the format ${accept.slice(0, 100)} is not available`, {
    hint: `request one of ${formats.map((format) => media[format].split(';')[0]).join(', ')}`,
  })
}
