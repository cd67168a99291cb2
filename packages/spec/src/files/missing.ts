/** What is done about a value that is missing in a table. */
export const missingWays = ['refuse', 'drop', 'mean'] as const
export type MissingWay = (typeof missingWays)[number]

/** How a missing value is written, as R, NumPy, pandas, SQL and the UCI repository write it; and an empty field. */
const spellings: ReadonlySet<string> = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', '?'])

export const isMissing = (field: string): boolean => spellings.has(field)
