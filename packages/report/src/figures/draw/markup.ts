export function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}

/** Rounds to a tenth of a pixel. */
export const round = (pixels: number): number => Math.round(pixels * 10) / 10
