interface TipProps {
  /** Where the pointer is in the window. */
  readonly pointer: readonly [x: number, y: number]
  readonly lines: readonly string[]
}

/** Text beside the pointer, on the side where the window has more room. Screen readers hear the same text elsewhere. */
export function Tip({ pointer: [x, y], lines }: TipProps) {
  const [isRight, isLow] = [x > innerWidth / 2, y > innerHeight / 2]
  return (
    <div
      className="tip"
      aria-hidden="true"
      style={{
        left: isRight ? undefined : x + 14,
        right: isRight ? document.documentElement.clientWidth - x + 14 : undefined,
        top: isLow ? undefined : y + 14,
        bottom: isLow ? innerHeight - y + 14 : undefined,
      }}
    >
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  )
}
