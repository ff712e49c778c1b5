import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api, unwrap } from './client'
import { keys } from './keys'

/** Templates go stale with the namespace: topics that pin them come and go. */
const templates = [...keys.namespace, 'templates']

/** Templates by name, page by page. */
export function useTemplates(q: string) {
  return useInfiniteQuery({
    queryKey: [...templates, 'list', q],
    queryFn: ({ pageParam }) => unwrap(api.GET('/templates', { params: { query: { ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
  })
}

/** All templates that a topic could pin, with their versions. */
export function useTemplateChoice(enabled: boolean) {
  return useQuery({
    queryKey: [...templates, 'choice'],
    queryFn: () => unwrap(api.GET('/templates', { params: { query: { limit: 500 } } })),
    enabled,
  })
}

export function useTemplate(id: string) {
  return useQuery({ queryKey: [...templates, 'one', id], queryFn: () => unwrap(api.GET('/templates/{id}', { params: { path: { id } } })), retry: false })
}

/** A version with its fields, compared with another one, else with the one before it. */
export function useTemplateVersion(id: string | undefined, version: string | undefined, since?: string) {
  return useQuery({
    queryKey: [...templates, 'version', id, version, since],
    queryFn: () => unwrap(api.GET('/templates/{id}/versions/{version}', { params: { path: { id: id!, version: version! }, query: since ? { since } : {} } })),
    enabled: id !== undefined && version !== undefined,
    placeholderData: keepPreviousData,
  })
}

/** The topics that pin a template, page by page. */
export function usePinningTopics(id: string, version: string | undefined) {
  return useInfiniteQuery({
    queryKey: [...templates, 'nodes', id, version],
    queryFn: ({ pageParam }) => unwrap(api.GET('/templates/{id}/nodes', { params: { path: { id }, query: { ...(version ? { version } : {}), ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
  })
}
