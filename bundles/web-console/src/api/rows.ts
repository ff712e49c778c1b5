import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import type { Schemas } from './client'
import { keys } from './keys'

type Client = Schemas['Client']
type Credential = Schemas['Credential']
interface Page<R> {
  items: R[]
}

/** The loaded pages with the rows that the server told of since; the same ones if none of them is there. */
export function withRows<R, P extends Page<R>>(data: InfiniteData<P>, rows: ReadonlyMap<string, R>, keyOf: (row: R) => string): InfiniteData<P> {
  let touched = false
  const pages = data.pages.map((page) => {
    if (!page.items.some((row) => rows.has(keyOf(row)))) return page
    touched = true
    return { ...page, items: page.items.map((row) => rows.get(keyOf(row)) ?? row) }
  })
  return touched ? { ...data, pages } : data
}

/** Puts rows into all lists of a kind; returns what was there before of the same rows. */
function putRows<R>(queries: QueryClient, list: readonly string[], rows: ReadonlyMap<string, R>, keyOf: (row: R) => string): Map<string, R> {
  const before = new Map<string, R>()
  for (const [key, data] of queries.getQueriesData<InfiniteData<Page<R>>>({ queryKey: list })) {
    if (!data) continue
    for (const page of data.pages) for (const row of page.items) if (rows.has(keyOf(row))) before.set(keyOf(row), row)
    const next = withRows(data, rows, keyOf)
    if (next !== data) queries.setQueryData(key, next)
  }
  return before
}

/**
 * Shows what the server told of clients without asking it again.
 *
 * @returns whether clients came or went, so that lists have to be loaded anew
 */
export function applyClients(queries: QueryClient, event: Pick<Schemas['EventClients'], 'changed' | 'gone' | 'reload'>): boolean {
  const rows = new Map(event.changed.map((row) => [row.clientId, row]))
  const before = putRows<Client>(queries, [...keys.clients, 'list'], rows, (row) => row.clientId)
  let moved = event.reload || event.gone.length > 0
  for (const row of event.changed) {
    const one = [...keys.clients, 'one', row.clientId]
    const known = before.get(row.clientId) ?? queries.getQueryData<Client>(one)
    if (queries.getQueryData(one)) queries.setQueryData(one, row)
    if (known && known.subscriptions !== row.subscriptions) void queries.invalidateQueries({ queryKey: [...keys.clients, 'subscriptions', row.clientId] })
    if (!known || known.online !== row.online || known.connectedAt !== row.connectedAt) moved = true
  }
  for (const clientId of event.gone) void queries.invalidateQueries({ queryKey: [...keys.clients, 'one', clientId] })
  return moved
}

/**
 * Shows what the server told of credentials without asking it again.
 *
 * @returns whether credentials came or went, so that lists have to be loaded anew
 */
export function applyCredentials(queries: QueryClient, event: Schemas['EventCredentials']): boolean {
  const rows = new Map(event.changed.map((row) => [row.id, row]))
  const before = putRows<Credential>(queries, [...keys.credentials, 'list'], rows, (row) => row.id)
  for (const row of event.changed) {
    queries.setQueryData<Credential>([...keys.credentials, 'one', row.id], (known) => (known ? { ...known, ...row } : known))
  }
  const filtered = queries.getQueryCache().findAll({ queryKey: [...keys.credentials, 'list'], type: 'active' }).some(({ queryKey }) => (queryKey[2] as { state?: string } | undefined)?.state)
  return event.reload || event.deleted.length > 0 || (filtered && event.changed.length > 0) || event.changed.some((row) => !before.has(row.id))
}
