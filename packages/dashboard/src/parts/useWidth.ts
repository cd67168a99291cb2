import { type RefObject, useEffect, useState } from 'react'

/**
 * The current width of an element in pixels, or another measure of it; 0 before it is laid out. `measure` must stay the
 * same function.
 */
export function useWidth(element: RefObject<HTMLElement | null>, measure = widthOf): number {
  const [size, setSize] = useState(0)
  useEffect(() => {
    const measured = element.current!
    const observer = new ResizeObserver(() => setSize(Math.floor(measure(measured))))
    observer.observe(measured)
    // Something above the element may grow.
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [element, measure])
  return size
}

const widthOf = (element: HTMLElement): number => element.clientWidth
