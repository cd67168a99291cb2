declare module 'svg-to-pdfkit' {
  /** Draws the text of an SVG into a pdfkit document. */
  export default function svgToPdf(
    document: PDFKit.PDFDocument,
    svg: string,
    x: number,
    y: number,
    options?: { fontCallback?: (family: string, bold: boolean, italic: boolean) => string; assumePt?: boolean },
  ): void
}
