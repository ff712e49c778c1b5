import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { api, type Schemas } from '../../api/client'
import { UnmodeledStore, type UnmodeledLevel } from './unmodeledstore'

const level = (path: string, topics: number, branch: boolean): UnmodeledLevel => ({ name: path.split('/').at(-1)!, path, topics, branch, topic: null })

/** Two gateways; the first has three topics, two a page. */
const PAGES: Record<string, { levels: UnmodeledLevel[]; nextCursor: string | null }> = {
  '': { levels: [level('gw-1', 3, true), level('gw-2', 1, true)], nextCursor: null },
  'gw-1/': { levels: [level('gw-1/a', 1, false), level('gw-1/b', 1, false)], nextCursor: 'after:b' },
  'gw-1/after:b': { levels: [level('gw-1/c', 1, false)], nextCursor: null },
  'gw-2/': { levels: [level('gw-2/x', 1, false)], nextCursor: null },
}

function serve() {
  const asked: string[] = []
  vi.spyOn(api, 'GET').mockImplementation((async (_path: string, options: { params: { query: { under?: string; cursor?: string } } }) => {
    const { under = '', cursor = '' } = options.params.query
    asked.push(under + cursor)
    return { data: { under, topics: 4, notKept: 7, revision: '10', ...PAGES[under + cursor]! }, response: new Response() }
  }) as never)
  return asked
}

const keysOf = (store: UnmodeledStore) => store.rows().map((row) => row.key)
const settled = () => new Promise((resolve) => setTimeout(resolve))

afterEach(() => vi.restoreAllMocks())

describe('unmodelled topics', () => {
  test('a branch is loaded when it is opened, page by page', async () => {
    const asked = serve()
    const store = new UnmodeledStore()
    store.reload()
    await settled()
    expect(keysOf(store)).toEqual(['level:gw-1', 'level:gw-2'])
    await store.setOpen('gw-1', true)
    expect(keysOf(store)).toEqual(['level:gw-1', 'level:gw-1/a', 'level:gw-1/b', 'more:gw-1/', 'level:gw-2'])
    await store.loadMore('gw-1/')
    expect(keysOf(store)).toEqual(['level:gw-1', 'level:gw-1/a', 'level:gw-1/b', 'level:gw-1/c', 'level:gw-2'])
    expect(asked).toEqual(['', 'gw-1/', 'gw-1/after:b'])
    expect(store.notKept()).toBe(7)
  })

  test('what is closed is not looked at again', async () => {
    const asked = serve()
    const store = new UnmodeledStore()
    store.reload()
    await settled()
    await store.setOpen('gw-1', true)
    await store.setOpen('gw-2', true)
    await store.setOpen('gw-1', false)
    asked.length = 0
    store.reload()
    await settled()
    expect(asked).toEqual(['', 'gw-2/'])
  })

  test('a branch of many rows that is looked at again keeps all that were there, and is read once at a time', async () => {
    const all = Array.from({ length: 1_801 }, (_, index) => level(`t${String(index).padStart(4, '0')}`, 1, false))
    let reads = 0
    vi.spyOn(api, 'GET').mockImplementation((async (_path: string, options: { params: { query: { limit: number; cursor?: string } } }) => {
      const { limit, cursor } = options.params.query
      const from = Number(cursor ?? 0)
      if (from === 0) reads++
      if (limit > 500) return { error: { title: 'limit' }, response: new Response(null, { status: 422 }) }
      return { data: { under: '', topics: 0, notKept: 0, revision: '10', levels: all.slice(from, from + limit), nextCursor: from + limit < all.length ? String(from + limit) : null }, response: new Response() }
    }) as never)
    const store = new UnmodeledStore()
    store.reload()
    await settled()
    while (store.rows().some((row) => row.kind === 'more')) await store.loadMore('')
    expect(store.rows()).toHaveLength(1_801)
    reads = 0

    store.reload()
    store.reload()
    store.reload()
    await vi.waitFor(() => expect(reads).toBe(2))
    await settled()

    expect(store.rows()).toHaveLength(1_801)
  })

  describe('that come and go', () => {
    let store: UnmodeledStore
    let asked: string[]
    let post: ReturnType<typeof vi.fn>
    let changes: Schemas['UnmodeledChanges']

    beforeEach(async () => {
      vi.useFakeTimers()
      changes = { revision: '12', complete: true, levels: [], topics: 4, notKept: 7 }
      post = vi.fn(async () => ({ data: changes, response: new Response() }))
      vi.spyOn(api, 'POST').mockImplementation(post as never)
      asked = serve()
      store = new UnmodeledStore()
      store.reload()
      await vi.advanceTimersByTimeAsync(0)
      await store.setOpen('gw-1', true)
      asked.length = 0
    })
    afterEach(() => vi.useRealTimers())

    test('nothing is asked while the server tells of nothing new', async () => {
      store.noticed('10')
      await vi.advanceTimersByTimeAsync(60_000)

      expect(post).not.toHaveBeenCalled()
      expect(asked).toEqual([])
    })

    test('only what changed below open branches is asked for, once for all that comes meanwhile', async () => {
      changes.levels = [
        { under: '', name: 'gw-1', level: level('gw-1', 4, true) },
        { under: '', name: 'gw-1a', level: level('gw-1a', 1, false) },
        { under: '', name: 'gw-2', level: null },
        { under: 'gw-1/', name: 'aa', level: level('gw-1/aa', 1, false) },
        // After the last page that was read.
        { under: 'gw-1/', name: 'z', level: level('gw-1/z', 1, false) },
      ]
      store.noticed('11')
      store.noticed('12')
      await vi.advanceTimersByTimeAsync(2_000)

      expect(post.mock.calls).toEqual([['/namespace/unmodeled/changes', { body: { since: '10', under: ['', 'gw-1/'] } }]])
      expect(asked).toEqual([])
      expect(keysOf(store)).toEqual(['level:gw-1', 'level:gw-1/a', 'level:gw-1/aa', 'level:gw-1/b', 'more:gw-1/', 'level:gw-1a'])
      await vi.advanceTimersByTimeAsync(60_000)
      expect(post).toHaveBeenCalledOnce()
    })

    test('what is closed is not asked for', async () => {
      await store.setOpen('gw-1', false)
      store.noticed('12')
      await vi.advanceTimersByTimeAsync(2_000)

      expect(post.mock.lastCall?.[1].body.under).toEqual([''])
    })

    test('what the server does not remember is read anew', async () => {
      changes = { ...changes, complete: false }
      store.noticed('12')
      await vi.advanceTimersByTimeAsync(2_000)

      expect(asked).toEqual(['', 'gw-1/'])
    })
  })

  test('the branches above a topic are opened', async () => {
    serve()
    const store = new UnmodeledStore()
    store.reload()
    await settled()
    await store.reveal('gw-2/x')
    expect(keysOf(store)).toContain('level:gw-2/x')
  })
})
