import { type RefObject, useEffect, useState } from 'react'

type Element = RefObject<HTMLElement | null>

/** The current width of an element in pixels; 0 before it is laid out. */
export const useWidth = (element: Element): number => useMeasured(element, widthOf)

/** The room below the upper edge of an element, on a page that is not scrolled, in pixels. */
export const useRoom = (element: Element): number => useMeasured(element, roomOf)

const widthOf = (element: HTMLElement): number => element.clientWidth
const roomOf = (element: HTMLElement): number => innerHeight - scrollY - element.getBoundingClientRect().top

function useMeasured(element: Element, measure: (element: HTMLElement) => number): number {
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
