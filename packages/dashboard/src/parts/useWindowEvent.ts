import { useEffect, useEffectEvent } from 'react'

/** Calls `handle` at each event of the window with this name. */
export function useWindowEvent<Name extends keyof WindowEventMap>(
  name: Name,
  handle: (event: WindowEventMap[Name]) => void,
): void {
  const latest = useEffectEvent(handle)
  useEffect(() => {
    const listen = (event: WindowEventMap[Name]): void => latest(event)
    addEventListener(name, listen)
    return () => removeEventListener(name, listen)
  }, [name])
}
