/**
 * Normalises a text to NFC, so that names match in whatever form an editor or a file system wrote them. macOS, for
 * example, decomposes Hangul syllables in file names.
 */
export const composed = (text: string): string => text.normalize('NFC')

export const decomposed = (text: string): string => text.normalize('NFD')
