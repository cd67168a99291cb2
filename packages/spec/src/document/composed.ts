/**
 * A text in which each character is written one way (NFC), so that a name is found however an editor or a file system
 * wrote it: macOS writes a Hangul syllable of a file's name as its letters. ASCII stays as it is.
 */
export const composed = (text: string): string => text.normalize('NFC')

/** The other way of writing a text, of its parts (NFD). */
export const decomposed = (text: string): string => text.normalize('NFD')
