import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { api } from '../../api/client'
import { SearchBox } from '../../ui/basics'
import { Results, useFound, whyFound, type Hit } from './Results'

afterEach(() => vi.restoreAllMocks())

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

describe('the search field', () => {
  const hit = (topic: string): Hit => ({ topic, node: null, unmodeled: null, matched: 'VALUE', field: 'state', text: 'hot' })

  function Search({ onOpen }: { onOpen: (hit: Hit) => void }) {
    const [q, setQ] = useState('')
    const found = useFound(q, 'ALL', onOpen)
    return (
      <>
        <SearchBox value={q} onChange={setQ} placeholder="Find" hits={found.keys} />
        {q && <Results found={found} selected="" />}
      </>
    )
  }

  test('arrows walk the hits, Enter opens one, Escape empties the field', { timeout: 30_000 }, async () => {
    vi.spyOn(api, 'GET').mockImplementation((async () => ({
      data: { items: [hit('gw/a'), hit('gw/b')], nextCursor: null, total: 1000, more: true },
      response: new Response(),
    })) as never)
    const open = vi.fn()
    render(
      <QueryClientProvider client={new QueryClient()}>
        <Search onOpen={open} />
      </QueryClientProvider>,
    )
    const field = screen.getByRole('combobox')

    await userEvent.type(field, 'hot')
    const [first, second] = await screen.findAllByRole('option')
    expect(field.getAttribute('aria-activedescendant')).toBe(first!.id)
    expect(screen.getByRole('status').textContent).toContain('More than 1,000')
    await userEvent.keyboard('{ArrowDown}{ArrowDown}')
    expect(field.getAttribute('aria-activedescendant')).toBe(second!.id)
    await userEvent.keyboard('{Enter}')
    expect(open).toHaveBeenCalledExactlyOnceWith(hit('gw/b'))
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('option')).toBeNull())
    expect((field as HTMLInputElement).value).toBe('')
  })
})
