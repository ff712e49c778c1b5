import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import { api, type Schemas } from '../../api/client'
import { ImportDialog } from './Import'

const result: Schemas['ImportResult'] = {
  dryRun: true,
  created: 0,
  updated: 0,
  unchanged: 0,
  templates: 0,
  ignoreRules: 0,
  errors: Array.from({ length: 100 }, (_, index) => ({
    path: `$line-${index}`,
    pointer: `/namespace/${index}`,
    line: index + 2,
    message: 'what the server says',
    why: { code: 'NAME_DOLLAR', parameters: { at: 'name', found: `$line-${index}` } },
  })),
  moreErrors: 30,
  notes: [],
  moreNotes: 0,
}

afterEach(() => vi.restoreAllMocks())

async function choose(): Promise<void> {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ImportDialog open onClose={() => undefined} onImported={() => undefined} />
    </QueryClientProvider>,
  )
  await userEvent.upload(screen.getByTestId('import-file'), new File(['{}'], 'namespace.json', { type: 'application/json' }))
}

it('lists all problems that the server tells of, in the words of the console, with their lines, and counts the others', async () => {
  vi.spyOn(api, 'POST').mockImplementation((async () => ({ data: result, response: new Response() })) as never)
  await choose()

  const lines = await screen.findByTestId('import-lines')
  expect(lines.children).toHaveLength(100)
  expect(lines.children[99]!.textContent).toContain('“$line-99” cannot be a name')
  expect(lines.children[99]!.textContent).toContain('line 101')
  expect(lines.textContent).not.toContain('what the server says')
  // To be reached and scrolled with the keyboard.
  expect(lines.tabIndex).toBe(0)
  expect(screen.getByTestId('import-more').textContent).toBe('and 30 more')
  expect(screen.getByText(/^130 problems/)).toBeDefined()
})

it('says of a file that was refused what is wrong with it, once', async () => {
  const problem = {
    type: 'urn:busbar:problem:malformed-json',
    title: 'Malformed',
    status: 400,
    detail: 'The document is not JSON: Expected value at line 3 column 2. Nothing was changed.',
    parameters: { reason: 'NO_JSON', line: '3', column: '2' },
  }
  vi.spyOn(api, 'POST').mockImplementation((async () => ({ error: problem, response: new Response(null, { status: 400 }) })) as never)
  await choose()

  await waitFor(() => expect(screen.getByRole('alert').textContent).toBe('This is no JSON, from line 3, column 2 on.'))
})
