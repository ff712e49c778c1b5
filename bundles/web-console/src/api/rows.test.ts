import { QueryClient, type InfiniteData } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import type { Schemas } from './client'
import { keys } from './keys'
import { applyClients, withRows } from './rows'

type Client = Schemas['Client']
const row = (clientId: string, part: Partial<Client> = {}) => ({ clientId, online: true, connectedAt: '2026-03-01T12:00:00Z', subscriptions: 1, messagesIn: 0, ...part }) as Client
const pages = (...ids: string[][]) => ({ pages: ids.map((page) => ({ items: page.map((id) => row(id)) })), pageParams: ids.map(() => '') })

function loaded() {
  const queries = new QueryClient()
  const list = [...keys.clients, 'list', {}]
  queries.setQueryData(list, pages(['a', 'b'], ['c']))
  return { queries, read: () => queries.getQueryData<InfiniteData<{ items: Client[] }>>(list)! }
}

it('only the pages with rows that were told of are others', () => {
  const data = pages(['a', 'b'], ['c'])

  const next = withRows(data, new Map([['c', row('c', { messagesIn: 5 })]]), (client) => client.clientId)

  expect(next.pages[0]).toBe(data.pages[0])
  expect(next.pages[1]!.items[0]!.messagesIn).toBe(5)
  expect(withRows(data, new Map([['x', row('x')]]), (client) => client.clientId)).toBe(data)
})

it('changed figures are shown without loading anything', () => {
  const { queries, read } = loaded()

  expect(applyClients(queries, { changed: [row('b', { messagesIn: 7 })], gone: [], reload: false })).toBe(false)

  expect(read().pages[0]!.items[1]!.messagesIn).toBe(7)
})

it.each([
  ['a client that came', { changed: [row('x')], gone: [], reload: false }],
  ['a client that went, with a session', { changed: [row('a', { online: false })], gone: [], reload: false }],
  ['a client that came again', { changed: [row('a', { connectedAt: '2026-03-01T13:00:00Z' })], gone: [], reload: false }],
  ['a client that went without one', { changed: [], gone: ['a'], reload: false }],
  ['more than can be told', { changed: [], gone: [], reload: true }],
])('%s asks for the lists anew', (_, event) => {
  expect(applyClients(loaded().queries, event)).toBe(true)
})

it('figures of a client whose details are open do not', () => {
  const { queries } = loaded()
  queries.setQueryData([...keys.clients, 'one', 'z'], row('z'))

  expect(applyClients(queries, { changed: [row('z', { messagesIn: 3 })], gone: [], reload: false })).toBe(false)
  expect(queries.getQueryData<Client>([...keys.clients, 'one', 'z'])!.messagesIn).toBe(3)
})
