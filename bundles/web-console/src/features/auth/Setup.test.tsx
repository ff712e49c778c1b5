import { render, screen } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import { api } from '../../api/client'
import Setup from './Setup'

const status = { required: true, serverName: 'Plant 7', version: '1', signedIn: false }

function answer(response: Response, error?: unknown): void {
  vi.spyOn(api, 'POST').mockImplementation((async () => ({ error, response })) as never)
}

function show(): void {
  render(<Setup status={status} link onDone={() => undefined} />)
}

beforeEach(() => globalThis.history.replaceState(null, '', '/setup#token'))

it('a dead link is told before anybody types a password', async () => {
  answer(new Response(null, { status: 403 }), { type: 'urn:busbar:problem:setup-token-invalid', title: '', status: 403 })

  show()

  expect(await screen.findByTestId('setup-error')).toBeTruthy()
  expect(screen.queryByTestId('setup-password')).toBeNull()
  expect(screen.getByText('edge:setup-link')).toBeTruthy()
})

it('a good link leads to the form', async () => {
  answer(new Response(null, { status: 204 }))

  show()

  expect(await screen.findByTestId('setup-password')).toBeTruthy()
})

it('without an answer it can be tried again', async () => {
  answer(new Response(null, { status: 503 }), { type: 'urn:busbar:problem:busy', title: '', status: 503 })
  show()
  const again = await screen.findByRole('button', { name: 'Try again' })

  answer(new Response(null, { status: 204 }))
  again.click()

  expect(await screen.findByTestId('setup-password')).toBeTruthy()
})
