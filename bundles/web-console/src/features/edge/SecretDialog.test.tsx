import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Schemas } from '../../api/client'
import { SecretDialog } from './SecretDialog'

const created = {
  id: 'c1',
  description: 'Line 1 gateway',
  clientId: 'unsold',
  username: 'uline1',
  clientIdPolicy: 'EXACT',
  otherClientIds: [],
  acl: [{ effect: 'ALLOW', action: 'BOTH', filter: '%u/#' }],
  connected: 0,
  updatedAt: '2026-03-01T12:00:00Z',
} as unknown as Schemas['Credential']

/** What the server has by now. */
let credential: Schemas['Credential']

beforeEach(() => {
  credential = created
  const page = { items: [], nextCursor: null, total: 0 }
  vi.stubGlobal('fetch', async (input: URL) => {
    const path = new URL(input).pathname
    return Response.json(path.endsWith('/credentials/c1') ? credential : path.endsWith('/broker') ? { endpoints: [] } : page)
  })
})
afterEach(() => vi.unstubAllGlobals())

function show(reset: boolean) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SecretDialog secret={{ credential: created, password: 'secret' }} reset={reset} onClose={() => undefined} />
    </QueryClientProvider>,
  )
}

it('follows a credential that was changed since its password was made', async () => {
  credential = { ...created, clientId: 'unsnew', otherClientIds: ['mqtt-explorer-1'] }

  show(false)

  await waitFor(() => expect(screen.getByTestId('secret-client-id').textContent).toBe('unsnew'))
  expect(screen.getByTestId('secret-other-client-ids').textContent).toContain('mqtt-explorer-1')
  const lines = screen.getByTestId('snippet-mosquitto').textContent
  expect(lines).toContain('-i unsnew')
  expect(lines).toContain("-t 'uline1/#'")
})

it('says plainly when credentials may publish and subscribe to everything', async () => {
  credential = { ...created, mayEverything: true }

  show(false)

  await waitFor(() => expect(screen.getByTestId('secret-may-everything').textContent).toContain('everything'))
})

it('says whether credentials were made, or only a new password', () => {
  show(true)

  expect(screen.getByText('New password made')).toBeDefined()
  expect(screen.queryByText('Credentials created')).toBeNull()
})
