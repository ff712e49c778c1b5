import { classes, useNow } from './basics'

export interface Interval {
  from: string
  /** null while it lasts. */
  to: string | null
}

const WIDTH = 1000
/** Narrower than this nothing would be seen. */
const NARROWEST = 4

/** Where each interval is on a bar of a width of 1000 that ends now: left edge and width; nothing of what was before the bar begins. */
export function bars(intervals: Interval[], now: number, spanMillis: number): [number, number][] {
  const begin = now - spanMillis
  const x = (time: number) => (Math.min(Math.max(time - begin, 0), spanMillis) / spanMillis) * WIDTH
  return intervals.flatMap(({ from, to }): [number, number][] => {
    const end = to === null ? now : new Date(to).getTime()
    if (end < begin) return []
    const left = x(new Date(from).getTime())
    const width = Math.max(x(end) - left, NARROWEST)
    return [[Math.min(left, WIDTH - width), width]]
  })
}

/** When something was connected: green on grey, the present at the right. */
export function Presence({ intervals, spanMillis, label, large }: { intervals: Interval[]; spanMillis: number; label: string; large?: boolean }) {
  const now = useNow(large ? 10_000 : 30_000)
  return (
    <svg className={classes('presence', large && 'presence-l')} viewBox={`0 0 ${WIDTH} 10`} preserveAspectRatio="none" role="img" aria-label={label}>
      <title>{label}</title>
      {bars(intervals, now, spanMillis).map(([left, width], index) => (
        <rect key={index} x={left} width={width} y={0} height={10} />
      ))}
    </svg>
  )
}
