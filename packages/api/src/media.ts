import { ApiError } from './error.ts'

/**
 * Which of the formats an Accept header wants: the first of those with the highest quality, in our order. Without a
 * header, or with one that takes anything, our first. Throws NOT_ACCEPTABLE.
 */
export function wanted<const Format extends string>(
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
    // The most specific range counts.
    fits.sort((a, b) => Number(b.range === type) - Number(a.range === type) || b.range.length - a.range.length)
    return fits[0]?.q ?? 0
  }
  const best = Math.max(...formats.map(qualityOf))
  const found = formats.find((format) => best > 0 && qualityOf(format) === best)
  if (found !== undefined) return found
  throw new ApiError('NOT_ACCEPTABLE', `this is not to be had as ${accept.slice(0, 100)}`, {
    hint: `there are ${formats.map((format) => media[format].split(';')[0]).join(', ')}`,
  })
}
