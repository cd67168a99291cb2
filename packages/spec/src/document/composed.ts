/**
 * A text normalised to NFC, so that a name is found in whatever form an editor or a file system wrote it. macOS, for
 * example, decomposes Hangul syllables in file names. ASCII is unchanged.
 */
export const composed = (text: string): string => text.normalize('NFC')

/** A text normalised to NFD, the decomposed form. */
export const decomposed = (text: string): string => text.normalize('NFD')
