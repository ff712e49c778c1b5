import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { FlowLine, lines } from './flowline'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const MINUTE = 60_000

it('draws the present at the right and the largest value at the top', () => {
  expect(lines([0, 5, 10], 10, NOW, 15 * MINUTE, NOW, 60 * MINUTE)).toEqual(['500.0,94.0 750.0,50.0 1000.0,6.0'])
})

it('draws no line where nothing was measured, and a single point as one', () => {
  expect(lines([10, null, 10], 10, NOW, 30 * MINUTE, NOW, 60 * MINUTE)).toEqual(['0.0,6.0 0.0,6.0', '1000.0,6.0 1000.0,6.0'])
})

it('leaves out what was before', () => {
  expect(lines([10, 10], 10, NOW, 90 * MINUTE, NOW, 60 * MINUTE)).toEqual(['1000.0,6.0 1000.0,6.0'])
})

it('says in words what it draws', () => {
  render(<FlowLine flow={{ stepSeconds: 120, at: '2026-03-01T12:00:00Z', in: [1, 2], out: [0, null] }} presence={[]} now={NOW} spanMillis={60 * MINUTE} label="at most 2 in" />)

  expect(screen.getByRole('img', { name: 'at most 2 in' }).querySelectorAll('polyline')).toHaveLength(2)
})
