export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The values of a document at the ends of its paths. Without `goesOn`, they are those that are no mappings. */
export const leavesOf = (
  value: unknown,
  goesOn: (value: unknown) => boolean = isMapping,
  path = '',
): readonly (readonly [path: string, value: unknown])[] =>
  goesOn(value)
    ? Object.entries(value as object).flatMap(([key, inner]) =>
        leavesOf(inner, goesOn, path === '' ? key : `${path}.${key}`),
      )
    : [[path, value]]
