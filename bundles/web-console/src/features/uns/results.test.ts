import { describe, expect, test } from 'vitest'
import { whyFound } from './Results'

describe('why something was found', () => {
  test('what is to be seen anyway is not said', () => {
    for (const matched of ['NAME', 'PATH', 'DISPLAY_NAME', 'FILTER'] as const) expect(whyFound({ matched, field: null, text: null })).toBeUndefined()
  })

  test('all else is', () => {
    expect(whyFound({ matched: 'FIELD', field: 'speed', text: null })).toBe('Field speed')
    expect(whyFound({ matched: 'VALUE', field: 'speed', text: '82.4' })).toBe('speed = 82.4')
    expect(whyFound({ matched: 'LABEL', field: null, text: 'press shop' })).toBe('Label press shop')
    expect(whyFound({ matched: 'ALIAS', field: null, text: null })).toBe('Alias')
  })
})
