import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryClient,
} from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { api, clientPath, unwrap, type Schemas } from './client'
import { keys } from './keys'
import { live, type Channel, type LiveState, type LiveValue, type StatsSeries } from './live'
import { applyClients, applyCredentials } from './rows'
import type { paths } from '@generated/openapi'

type Query<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } } ? NonNullable<Q> : never

export { keys }

export function useBroker() {
  return useQuery({ queryKey: keys.broker, queryFn: () => unwrap(api.GET('/broker')), refetchInterval: 15_000 })
}

/** What clients and users hold of the memory, and who was refused more. */
export function useMemory() {
  return useQuery({ queryKey: keys.memory, queryFn: () => unwrap(api.GET('/memory')), refetchInterval: 5_000 })
}

/** Loads five minutes of history once and hands it to the live stream, which continues it. */
export function useSeedStats() {
  const query = useQuery({ queryKey: keys.stats, queryFn: () => unwrap(api.GET('/broker/stats')), staleTime: 60_000 })
  useEffect(() => {
    if (query.data) live.seedStats(query.data)
  }, [query.data])
  return query
}

export function useStats(): Schemas['Stats'] | undefined {
  return useSyncExternalStore(live.subscribeStats, live.stats)
}

export function useStatsSeries(): StatsSeries {
  return useSyncExternalStore(live.subscribeStats, live.statsSeries)
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(live.subscribeState, live.state)
}

/** Keeps a channel of the live stream open while the component is on screen. */
export function useChannel(channel: Channel): void {
  useEffect(() => live.subscribe(channel), [channel])
}

/** The live value of one row; undefined until the first one came. */
export function useLiveValue(id: number | null): LiveValue | undefined {
  const subscribe = useMemo(
    () => (listener: () => void) => (id === null ? () => undefined : live.subscribeValue(id, listener)),
    [id],
  )
  return useSyncExternalStore(subscribe, () => (id === null ? undefined : live.value(id)))
}

/** The whole live value of the topic on display; undefined until the first one came. */
export function useLiveDetail(id: number | null | undefined): Schemas['Value'] | undefined {
  const subscribe = useMemo(
    () => (listener: () => void) => (id == null ? () => undefined : live.subscribeDetail(id, listener)),
    [id],
  )
  const value = useSyncExternalStore(subscribe, () => live.detail())
  return value && value.liveId === id ? value : undefined
}

/** Between two times that lists of many pages are loaded anew because of events. */
const REST_MILLIS = 2_000

/**
 * Shows what events tell, and looks again where they do not say it all: soon, and lists of many pages not again and again while much
 * happens. Mounted once, while somebody is signed in.
 */
export function useInvalidateOnEvents(): void {
  const client = useQueryClient()
  useEffect(() => {
    const due = new Map<string, ReturnType<typeof setTimeout>>()
    const done = new Map<string, number>()
    const invalidate = (key: readonly string[], restMillis = 300) => {
      const name = key.join('/')
      if (due.has(name)) return
      due.set(
        name,
        setTimeout(
          () => {
            due.delete(name)
            done.set(name, Date.now())
            void client.invalidateQueries({ queryKey: key })
          },
          Math.max(300, (done.get(name) ?? 0) + restMillis - Date.now()),
        ),
      )
    }
    const all = () => [keys.clients, keys.connections, keys.credentials, keys.rejections, keys.namespace].forEach((key) => invalidate(key))
    const off = [
      live.on('clients', (event) => {
        if (!applyClients(client, event)) return
        invalidate([...keys.clients, 'list'], REST_MILLIS)
        invalidate(keys.connections, REST_MILLIS)
      }),
      live.on('credentials', (event) => {
        if (applyCredentials(client, event)) invalidate([...keys.credentials, 'list'], REST_MILLIS)
      }),
      live.on('rejections', () => invalidate(keys.rejections)),
      // Topics that nobody modelled come and go all the time; those lists know by themselves.
      live.on('namespace', (event) => (event.reload || event.parents.length > 0) && invalidate(keys.namespace)),
      // What was loaded before the server began to tell may have changed in between.
      live.on('watching', ({ channels }) => {
        channels.forEach((channel) => channel in keys && invalidate(keys[channel as keyof typeof keys], REST_MILLIS))
        if (channels.includes('clients')) invalidate(keys.connections, REST_MILLIS)
      }),
      live.on('lost', all),
      live.on('hello', (hello) => {
        if (!hello.resumed) {
          all()
          invalidate(keys.broker)
        }
      }),
    ]
    return () => {
      off.forEach((stop) => stop())
      due.forEach((timer) => clearTimeout(timer))
    }
  }, [client])
}

/** With the stream: only what events do not say. Without it: look again now and then. */
function interval(withStream: number | false) {
  return () => (live.state() === 'open' ? withStream : 5_000)
}

/** What was wrong with the messages of a topic; asked for only if something was. */
export function useViolations(node: Schemas['Node'], enabled: boolean) {
  return useQuery({
    queryKey: [...keys.namespace, 'violations', node.id],
    queryFn: () => unwrap(api.GET('/namespace/nodes/{id}/violations', { params: { path: { id: node.id } } })),
    enabled,
    refetchInterval: 2_000,
  })
}

/** The topics whose last message did not fit their model. */
export function useViolating(limit: number, enabled: boolean) {
  return useQuery({
    queryKey: [...keys.namespace, 'violating', limit],
    queryFn: () => unwrap(api.GET('/violations', { params: { query: { limit } } })),
    enabled,
    refetchInterval: 5_000,
  })
}

/** Messages of a topic that were held back, the latest first. */
export function useQuarantine(topic: string) {
  return useQuery({
    queryKey: [...keys.namespace, 'quarantine', topic],
    queryFn: () => unwrap(api.GET('/quarantine', { params: { query: { topic, limit: 50 } } })),
    refetchInterval: 5_000,
  })
}

/**
 * Violations of all topics. Asked for again when the figures of the live stream tell that there are others, at most every three seconds.
 *
 * @param violations how many there were
 * @param violating how many topics do not fit now
 */
export function useViolationGroups(violations: number | undefined, violating: number | undefined) {
  const settled = useSettled(`${violations}/${violating}`, 3_000)
  return useQuery({
    queryKey: [...keys.namespace, 'violation-groups', settled],
    queryFn: () => unwrap(api.GET('/violations/groups', { params: { query: { limit: 1_000 } } })),
    placeholderData: keepPreviousData,
    refetchInterval: interval(false),
    gcTime: 10_000,
  })
}

/** A text that changes often, looked at now and then: its first change at once, the next after a rest. */
function useSettled(text: string, restMillis: number): string {
  const [settled, setSettled] = useState(text)
  const at = useRef(0)
  useEffect(() => {
    if (text === settled) return
    const timer = setTimeout(
      () => {
        at.current = Date.now()
        setSettled(text)
      },
      Math.max(0, at.current + restMillis - Date.now()),
    )
    return () => clearTimeout(timer)
  }, [text, settled, restMillis])
  return settled
}

/** Fields of a topic whose type keeps refusing values. */
export function useWidenings(node: Schemas['Node']) {
  return useQuery({
    queryKey: [...keys.namespace, 'widenings', node.id, node.revision],
    queryFn: () => unwrap(api.GET('/namespace/nodes/{id}/widenings', { params: { path: { id: node.id } } })),
    refetchInterval: 5_000,
  })
}

const PAGE = 100
/** Who scrolls through many rows gets more at a time, so that they are also looked up anew in few requests. */
const NEXT_PAGE = 500

export function useClients(filters: Query<'/clients'>) {
  return useInfiniteQuery({
    queryKey: [...keys.clients, 'list', filters],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/clients', { params: { query: { ...filters, ...(pageParam ? { limit: NEXT_PAGE, cursor: pageParam } : { limit: PAGE }) } } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: interval(false),
  })
}

/** For a part of the page to say which clients it shows: their figures are told as they change, until it is gone. */
export function useShowClients(part: string): (clientIds: string[]) => void {
  useEffect(() => () => live.showClients(part, []), [part])
  return useCallback((clientIds: string[]) => live.showClients(part, clientIds), [part])
}

/** Connections that clients have and had. */
export function useConnections(filters: Query<'/connections'>, enabled = true) {
  return useInfiniteQuery({
    queryKey: [...keys.connections, 'list', filters],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/connections', { params: { query: { limit: PAGE, ...filters, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: interval(false),
    enabled,
  })
}

export function useClient(clientId: string | undefined) {
  return useQuery({
    queryKey: [...keys.clients, 'one', clientId],
    queryFn: () => unwrap(api.GET('/clients/{clientId}', { params: { path: { clientId: clientPath(clientId!) } } })),
    enabled: clientId !== undefined,
    refetchInterval: interval(false),
    retry: false,
  })
}

export function useClientSubscriptions(clientId: string | undefined) {
  return useQuery({
    queryKey: [...keys.clients, 'subscriptions', clientId],
    queryFn: () =>
      unwrap(api.GET('/clients/{clientId}/subscriptions', { params: { path: { clientId: clientPath(clientId!) }, query: { limit: 500 } } })),
    enabled: clientId !== undefined,
    retry: false,
  })
}

/** What ends with a session, as it is now. */
export function useSession(clientId: string | undefined, enabled: boolean) {
  return useQuery({
    queryKey: [...keys.clients, 'session', clientId],
    queryFn: () => unwrap(api.GET('/sessions/{clientId}', { params: { path: { clientId: clientPath(clientId!) } } })),
    enabled: enabled && clientId !== undefined,
    refetchInterval: interval(2_000),
    retry: false,
  })
}

export function useCredentials(filters: Query<'/credentials'>) {
  return useInfiniteQuery({
    queryKey: [...keys.credentials, 'list', filters],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/credentials', { params: { query: { ...filters, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } } }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: interval(false),
  })
}

export function useCredential(id: string | undefined) {
  return useQuery({
    queryKey: [...keys.credentials, 'one', id],
    queryFn: () => unwrap(api.GET('/credentials/{id}', { params: { path: { id: id! } } })),
    enabled: id !== undefined,
    refetchInterval: interval(false),
  })
}

/** Which other credentials want the Client IDs of one that is about to be made or changed. */
export function useOverlaps(clientId: string, clientIdPolicy: Schemas['ClientIdPolicy'], credentialId?: string) {
  return useQuery({
    queryKey: [...keys.credentials, 'overlaps', clientId, clientIdPolicy, credentialId],
    queryFn: () =>
      unwrap(api.GET('/credentials/overlaps', { params: { query: { clientId, clientIdPolicy, ...(credentialId ? { credentialId } : {}) } } })),
    enabled: clientId !== '',
    retry: false,
  })
}

export function useRejections(filters: Query<'/rejections'>, enabled = true) {
  return useInfiniteQuery({
    queryKey: [...keys.rejections, 'list', filters],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/rejections', { params: { query: { ...filters, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: interval(false),
    enabled,
  })
}

export function useTopicMatch(filter: string) {
  return useQuery({
    queryKey: [...keys.namespace, 'match', filter],
    queryFn: () => unwrap(api.GET('/namespace/match', { params: { query: { filter } } })),
    enabled: filter !== '',
    retry: false,
  })
}

/** The nodes at the top of the namespace; more than a page of them are of no use to a form. */
export function useNamespaceRoots(enabled: boolean) {
  return useQuery({
    queryKey: [...keys.namespace, 'roots'],
    queryFn: () => unwrap(api.GET('/namespace/tree', { params: { query: { limit: 20 } } })),
    enabled,
    retry: false,
  })
}

export type SearchScope = NonNullable<Query<'/namespace/search'>['scope']>

/**
 * Not below the key of the namespace: values change all the time, and so do topics nobody modelled. Each time the server looks through all again.
 *
 * @param every how often it is searched again, in ms
 */
export function useSearch(q: string, limit: number, scope: SearchScope = 'ALL', every: number | false = false) {
  return useQuery({
    queryKey: ['search', q, limit, scope],
    queryFn: () => unwrap(api.GET('/namespace/search', { params: { query: { q, limit, scope } } })),
    enabled: q !== '',
    placeholderData: keepPreviousData,
    refetchInterval: every,
    retry: false,
  })
}

export function useNodeByPath(path: string | undefined) {
  return useQuery({
    queryKey: [...keys.namespace, 'node', path],
    queryFn: () => unwrap(api.GET('/namespace/nodes', { params: { query: { path: path! } } })),
    enabled: path !== undefined,
    retry: false,
  })
}

/** What is right below a path, page by page. */
export function useChildren(path: string) {
  return useInfiniteQuery({
    queryKey: [...keys.namespace, 'children', path],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/namespace/tree', { params: { query: { path, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
  })
}

export function useValue(topic: string | undefined) {
  return useQuery({
    queryKey: ['value', topic],
    queryFn: () => unwrap(api.GET('/namespace/value', { params: { query: { topic: topic! } } })),
    enabled: topic !== undefined,
    retry: false,
    refetchInterval: interval(false),
  })
}

/** Why the messages of a topic come where they come; or why they come to a client, or do not. */
export function useExplanation(topic: string, client?: string) {
  return useQuery({
    queryKey: ['explain', topic, client],
    queryFn: () => unwrap(api.GET('/namespace/explain', { params: { query: { topic, ...(client ? { client, limit: 0 } : {}) } } })),
    retry: false,
  })
}

/** Which topics nobody modelled are not remembered. */
export function useIgnoreRules() {
  return useQuery({
    queryKey: [...keys.namespace, 'ignored'],
    queryFn: () => unwrap(api.GET('/namespace/unmodeled/ignored')),
  })
}

/** Topics whose values are older than they may be, the longest first. */
export function useStale(limit: number) {
  return useQuery({
    queryKey: [...keys.namespace, 'stale', limit],
    queryFn: () => unwrap(api.GET('/namespace/stale', { params: { query: { limit } } })),
    refetchInterval: 10_000,
  })
}

/** Who changed what of a node. */
export function useNodeHistory(id: string) {
  return useQuery({
    queryKey: [...keys.namespace, 'history', id],
    queryFn: () => unwrap(api.GET('/namespace/nodes/{id}/history', { params: { path: { id } } })),
  })
}

/** What was deleted and can be restored. */
export function useRecycleBin(enabled = true) {
  return useQuery({
    enabled,
    queryKey: [...keys.namespace, 'recycled'],
    queryFn: () => unwrap(api.GET('/namespace/recycle-bin')),
  })
}

/** A change at the server, after which everything below the given keys is looked up anew. */
export function useChange<V, R>(call: (variables: V) => Promise<R>, ...stale: (readonly string[])[]) {
  const client: QueryClient = useQueryClient()
  return useMutation({
    mutationFn: call,
    onSuccess: () => Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}
