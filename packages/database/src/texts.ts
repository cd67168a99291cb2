/** U+001E, which no JSON text contains unescaped. */
const separator = '\u001e'

/**
 * JSON texts as one parameter of a statement, to be taken apart by `textsOf`. pg would escape every quote in an array
 * of them, and the server would undo that. Null stands for null.
 */
export const joined = (texts: readonly (string | null)[]): string => texts.map((text) => text ?? '').join(separator)

/** SQL: the texts of a parameter, as an array for unnest. Empty texts are to be read as null (`nullif`). */
export const textsOf = (parameter: string): string => `string_to_array(${parameter}, chr(30))`
