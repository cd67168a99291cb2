declare module 'svg-to-pdfkit' {
  /** Draws an SVG text into a document of pdfkit. */
  export default function svgToPdf(
    document: PDFKit.PDFDocument,
    svg: string,
    x: number,
    y: number,
    options?: { fontCallback?: (family: string, bold: boolean, italic: boolean) => string; assumePt?: boolean },
  ): void
}
