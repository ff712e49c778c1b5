import { useCallback } from 'react'
import { useLocation, useSearch } from 'wouter'

/** One value of the URL's query; undefined if it is not there, which is not the same as empty. */
export function useUrlValue(name: string): string | undefined {
  return new URLSearchParams(useSearch()).get(name) ?? undefined
}

/** One value of the URL's query, so that a filter survives reload and can be sent to somebody. Empty removes it. */
export function useUrlState(name: string): [string, (value: string) => void] {
  const [, navigate] = useLocation()
  const value = useUrlValue(name) ?? ''
  const set = useCallback(
    (next: string) => {
      // Read again: several values may change in one turn.
      const params = new URLSearchParams(globalThis.location.search)
      if (next) params.set(name, next)
      else params.delete(name)
      const query = params.toString()
      // The path may have a proxy's prefix that the router adds by itself: change only the query.
      navigate(query ? `?${query}` : '?', { replace: true })
    },
    [name, navigate],
  )
  return [value, set]
}
