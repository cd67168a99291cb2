/**
 * The anchor of a heading, by the rule of the forges where the same pages are read as files. VitePress's own rule takes
 * Korean syllables apart, so that no link would find them.
 */
export const anchorOf = (heading: string): string =>
  heading
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\s-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
