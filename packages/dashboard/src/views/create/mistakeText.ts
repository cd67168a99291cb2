/** A message without the place that it begins with, and with its hint. */
export const mistakeText = (message: string, hint: string): string => {
  const text = message.replace(/^spec:(\d+:\d+: )?/, '')
  return text.includes(hint) ? text : `${text} (${hint})`
}
