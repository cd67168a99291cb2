/** The context of a canvas that is drawn at the density of the screen, in CSS pixels. */
export function contextOf(canvas: HTMLCanvasElement | null, width: number, height: number) {
  const context = canvas?.getContext('2d')
  if (!canvas || !context) return null
  const density = devicePixelRatio || 1
  canvas.width = Math.round(width * density)
  canvas.height = Math.round(height * density)
  context.setTransform(density, 0, 0, density, 0, 0)
  return context
}
