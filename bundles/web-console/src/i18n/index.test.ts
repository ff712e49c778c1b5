import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { moment } from '.'

describe('moment', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.setSystemTime(new Date(2026, 10, 30, 12, 0, 0))
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is the time of day for what was today', () => {
    expect(moment(new Date(2026, 10, 30, 8, 15, 31).toISOString())).toBe('08:15:31')
  })

  it('has the day for what was before', () => {
    expect(moment(new Date(2026, 10, 24, 8, 15, 31).toISOString())).toBe('Nov 24, 08:15')
  })

  it('has the year for what was in another', () => {
    expect(moment(new Date(2025, 11, 31, 23, 59, 59).toISOString())).toContain('2025')
  })
})
