import { useEffect, useRef } from 'react'

/** A young server's few points are not stretched further than this many would be. */
const SHORTEST = 12

/** Steps of the scale, so that a flat line near zero is not blown up into mountains. */
function scale(points: number[]): [number, number] {
  const max = Math.max(...points)
  const min = Math.min(...points)
  if (max === min) return [Math.max(0, min - 1), max + 1]
  const margin = (max - min) * 0.15
  return [Math.max(0, min - margin), max + margin]
}

/** A small line chart on a canvas, in the text colour of its place, filled below. Decoration: the figure beside it says it. */
export function Sparkline({ points, length = 60, tone = 'c1' }: { points: number[]; length?: number; tone?: 'c1' | 'c3' | 'c4' }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const draw = () => {
      const context = element.getContext?.('2d')
      const { width, height } = element.getBoundingClientRect()
      if (!context || width === 0) return
      const ratio = globalThis.devicePixelRatio || 1
      element.width = Math.round(width * ratio)
      element.height = Math.round(height * ratio)
      context.scale(ratio, ratio)
      const values = points.length === 1 ? [points[0]!, points[0]!] : points
      if (values.length === 0) return
      const [low, high] = scale(values)
      const color = getComputedStyle(element).color
      const right = width - 4
      const step = right / (Math.max(Math.min(length, SHORTEST), values.length) - 1)
      const x = (index: number) => right - (values.length - 1 - index) * step
      const y = (value: number) => height - 3 - ((value - low) / (high - low)) * (height - 8)
      const line = new Path2D()
      values.forEach((value, index) => (index === 0 ? line.moveTo(x(0), y(value)) : line.lineTo(x(index), y(value))))
      const area = new Path2D(line)
      area.lineTo(right, height)
      area.lineTo(x(0), height)
      area.closePath()
      const gradient = context.createLinearGradient(0, 0, 0, height)
      gradient.addColorStop(0, color)
      gradient.addColorStop(1, 'transparent')
      context.globalAlpha = 0.22
      context.fillStyle = gradient
      context.fill(area)
      context.globalAlpha = 1
      context.strokeStyle = color
      context.lineWidth = 1.5
      context.lineJoin = 'round'
      context.stroke(line)
      context.beginPath()
      context.arc(right, y(values.at(-1)!), 2.2, 0, Math.PI * 2)
      context.fillStyle = color
      context.fill()
    }
    draw()
    const observers: { disconnect: () => void }[] = []
    if (typeof ResizeObserver !== 'undefined') {
      const size = new ResizeObserver(draw)
      size.observe(element)
      observers.push(size)
    }
    // A change of theme changes the colour, not the size.
    const theme = new MutationObserver(draw)
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    observers.push(theme)
    return () => observers.forEach((observer) => observer.disconnect())
  }, [points, length])
  return <canvas ref={canvas} className={`sparkline spark-${tone}`} aria-hidden />
}
