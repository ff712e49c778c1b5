import { expect, it } from 'vitest'
import { bars } from './presence'

const now = Date.parse('2026-03-01T12:00:00Z')
const hour = 3_600_000
const at = (minutesAgo: number) => new Date(now - minutesAgo * 60_000).toISOString()

it('an interval lies where it was, one that lasts reaches the present', () => {
  expect(bars([{ from: at(30), to: at(15) }, { from: at(6), to: null }], now, hour)).toEqual([
    [500, 250],
    [900, 100],
  ])
})

it('what began before the bar is cut, what ended before it is left out', () => {
  expect(bars([{ from: at(120), to: at(90) }, { from: at(90), to: at(30) }], now, hour)).toEqual([[0, 500]])
})

it('a moment can be seen, also the present one', () => {
  expect(bars([{ from: at(30), to: at(30) }, { from: at(0), to: null }], now, hour)).toEqual([
    [500, 4],
    [996, 4],
  ])
})
