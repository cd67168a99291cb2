/** How a missing value in a table is treated. */
export const missingWays = ['refuse', 'drop', 'mean'] as const
export type MissingWay = (typeof missingWays)[number]

/** The spellings of a missing value in R, NumPy, pandas, SQL and the UCI repository, and an empty field. */
const spellings: ReadonlySet<string> = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', '?'])

export const isMissing = (field: string): boolean => spellings.has(field)
