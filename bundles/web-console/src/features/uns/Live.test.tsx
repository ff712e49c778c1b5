import { render, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { Schemas } from '../../api/client'
import { FieldsCard } from './Live'

const field = (over: Partial<Schemas['FieldValue']>): Schemas['FieldValue'] => ({
  name: 'a',
  value: 1,
  quality: 'Good',
  reason: null,
  timestamp: new Date().toISOString(),
  modeled: true,
  violation: null,
  ...over,
})

function show(...fields: Schemas['FieldValue'][]) {
  render(<FieldsCard value={{ fields } as Schemas['Value']} fields={[]} modeled />)
}

describe('FieldsCard', () => {
  it('says how old a value is, with the day if it is not of today', () => {
    const sixDays = new Date(Date.now() - 6 * 86_400_000)
    show(field({ timestamp: sixDays.toISOString() }))
    const age = screen.getByTestId('age-a')
    expect(age.textContent).toContain('6 d ago')
    expect(age.textContent).toContain(String(sixDays.getDate()))
  })

  it('says why a value is uncertain, in words', () => {
    show(field({ quality: 'Uncertain', reason: { code: 'STALE', seconds: 60 } }))
    expect(screen.getByTestId('quality-a').textContent).toBe('Uncertain')
    expect(screen.getByTestId('reason-a').textContent).toBe('Older than 1 min')
  })

  it('has no reason for what is good', () => {
    show(field({}))
    expect(screen.queryByTestId('reason-a')).toBeNull()
  })
})
