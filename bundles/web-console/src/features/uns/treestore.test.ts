import { beforeEach, describe, expect, it, vi } from 'vitest'
import { api } from '../../api/client'
import { TreeStore, type TreeNode } from './treestore'

/** Answers as the server does: children by name, with a cursor after each page. */
class FakeServer {
  revision = 1
  calls: string[] = []
  readonly children = new Map<string, string[]>()
  /** Those with children that are topics all the same. */
  readonly topics = new Set<string>()
  /** What the next answers wait for. */
  hold: Promise<void> | undefined

  add(parent: string, ...names: string[]): void {
    this.children.set(parent, [...(this.children.get(parent) ?? []), ...names].sort())
  }

  async tree(path: string, limit: number, cursor: string | undefined) {
    this.calls.push(path)
    const revision = this.revision
    const all = [...(this.children.get(path) ?? [])]
    await this.hold
    const from = Number(cursor ?? 0)
    const nodes = all.slice(from, from + limit).map((name) => this.node(path ? `${path}/${name}` : name))
    return { path, nodes, nextCursor: from + limit < all.length ? String(from + limit) : null, total: all.length, topics: 0, unmodeledTopics: 0, revision }
  }

  private node(path: string): TreeNode {
    const childCount = this.children.get(path)?.length ?? 0
    return { id: path, path, name: path.split('/').at(-1)!, type: this.children.has(path) && !this.topics.has(path) ? 'PATH' : 'TOPIC', childCount } as TreeNode
  }
}

let server: FakeServer

beforeEach(() => {
  server = new FakeServer()
  const get = async (_path: string, init: { params: { query: { path?: string; limit: number; cursor?: string } } }) => {
    const { path, limit, cursor } = init.params.query
    return { data: await server.tree(path ?? '', limit, cursor), response: new Response() }
  }
  vi.spyOn(api, 'GET').mockImplementation(get as never)
})

const names = (count: number) => Array.from({ length: count }, (_, index) => `t${String(index).padStart(5, '0')}`)
const paths = (store: TreeStore) => store.rows().flatMap((row) => (row.kind === 'node' ? [row.key] : []))

it('a topic opens as a path does if topics are below it', async () => {
  server.add('', 'other', 'z')
  server.add('z', 'lamp', 'plug')
  server.add('z/lamp', 'availability')
  server.topics.add('z/lamp')
  const store = new TreeStore()
  await store.start()

  await store.reveal('z/lamp/availability')

  expect(paths(store)).toEqual(['other', 'z', 'z/lamp', 'z/lamp/availability', 'z/plug'])
  expect(paths(store)).toEqual(store.rows().map((row) => row.key))
  expect(store.rows().map((row) => row.kind === 'node' && row.open)).toEqual([false, true, true, false, false])
})

describe('a branch of many rows', () => {
  it('keeps all that were there when a topic is made in it', async () => {
    server.add('', 'big', 'other')
    server.add('big', ...names(20_007))
    const store = new TreeStore()
    await store.start()
    await store.setOpen('big', true)
    while (store.rows().some((row) => row.kind === 'more')) await store.loadMore('big')
    expect(paths(store)).toHaveLength(20_009)

    server.add('big', 'made')
    server.revision++
    await store.reload(['big'], server.revision)

    expect(paths(store)).toHaveLength(20_009)
    expect(paths(store)).toContain('big/made')
  })

  it('is loaded until the row is there that is to be shown', async () => {
    server.add('', 'big')
    server.add('big', ...names(3_000))
    const store = new TreeStore()
    await store.start()

    await store.reveal('big/t02999')

    expect(paths(store)).toContain('big/t02999')
  })
})

describe('branches that were open before', () => {
  const open = names(500)

  beforeEach(() => {
    server.add('', ...open)
    for (const path of open) server.add(path, 'a')
    sessionStorage.setItem('busbar.uns.open', JSON.stringify(open))
  })

  it('are loaded once, although the stream begins while they load', async () => {
    const store = new TreeStore()

    await Promise.all([store.start(), store.refresh(), store.refresh()])

    for (const path of open) expect(server.calls.filter((call) => call === path)).toHaveLength(1)
    expect(paths(store)).toHaveLength(1_000)
  })

  it('are looked at again if something changed before the stream began', async () => {
    const store = new TreeStore()
    await store.start()
    server.add(open[7]!, 'b')
    server.revision++

    await store.refresh()

    expect(paths(store)).toContain(`${open[7]}/b`)
  })

  it('below one that is closed are not loaded', async () => {
    server.add('t00000/closed', 'x')
    server.add('t00000', 'closed')
    sessionStorage.setItem('busbar.uns.open', JSON.stringify(['t00000', 't00000/closed/x']))

    await new TreeStore().start()

    expect(server.calls).toEqual(['', 't00000'])
  })
})

it('a change that comes while a branch is read is not missed', async () => {
  server.add('', 'a', 'z')
  server.add('a', 'old')
  const store = new TreeStore()
  await store.start()
  await store.setOpen('a', true)
  let release = () => undefined as void
  server.hold = new Promise((resolve) => (release = resolve))
  const first = store.reload(['a'])
  server.add('a', 'new')
  server.revision++
  const second = store.reload(['a'], server.revision)

  release()
  await Promise.all([first, second])

  expect(paths(store)).toContain('a/new')
})

it('a branch that is gone closes', async () => {
  server.add('', 'a', 'z')
  server.add('a', 'x')
  const store = new TreeStore()
  await store.start()
  await store.setOpen('a', true)
  vi.spyOn(api, 'GET').mockImplementation((async (_path: string, init: { params: { query: { path?: string; limit: number } } }) => {
    if (init.params.query.path === 'a') return { error: undefined, response: new Response(null, { status: 404 }) }
    return { data: await server.tree('', 500, undefined), response: new Response() }
  }) as never)

  await store.reload(['a'])

  expect(store.isOpen('a')).toBe(false)
})

it('a page that fails is told, and not asked for again by itself', async () => {
  server.add('', 'line')
  server.add('line', ...names(700))
  const store = new TreeStore()
  await store.start()
  expect(store.rows().at(-1)?.kind).toBe('more')

  server.hold = Promise.reject(new Error('no connection'))
  server.hold.catch(() => {})
  await store.loadMore('line')
  const asked = server.calls.length
  await store.loadMore('line')

  expect(server.calls.length).toBe(asked)
  expect(store.rows().at(-1)).toMatchObject({ kind: 'wait', error: new Error('no connection') })

  server.hold = undefined
  store.retry('line')
  await vi.waitFor(() => expect(store.rows().at(-1)?.kind).not.toBe('wait'))
  expect(paths(store).length).toBeGreaterThan(500)
})
