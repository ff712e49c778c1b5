import { api, unwrap, type Schemas } from '../../api/client'
import { readRows } from './paging'

export type UnmodeledLevel = Schemas['UnmodeledLevel']

interface Branch {
  levels: UnmodeledLevel[]
  nextCursor: string | null
  loading: boolean
  /** Once what is under way is there, it is read again. */
  again: boolean
  error: Error | undefined
}

export type UnmodeledRow =
  | { kind: 'level'; key: string; level: UnmodeledLevel; depth: number; open: boolean; position: number; size: number }
  | { kind: 'wait' | 'more'; key: string; depth: number; under: string; error?: Error }

const PAGE = 200
/** What the server gives at once. */
const LARGEST_PAGE = 500

/** How long what is shown may be behind while topics keep coming. */
const PATIENCE = 5_000

/** What the server calls the branch below a level: all levels with a slash after each. */
function underOf(path: string): string {
  return `${path}/`
}

/**
 * The topics nobody modelled, as far as somebody looked: a branch is loaded when it is opened, page by page, and looked at again at most every five
 * seconds. Lives outside React.
 */
export class UnmodeledStore {
  private readonly branches = new Map<string, Branch>()
  private readonly open = new Set<string>()
  private readonly listeners = new Set<() => void>()
  private cached: UnmodeledRow[] | undefined
  private notKeptCount = 0
  private again: ReturnType<typeof setTimeout> | undefined

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  rows = (): UnmodeledRow[] => {
    this.cached ??= this.flatten()
    return this.cached
  }

  /** Messages of further topics that the server did not keep. */
  notKept = (): number => this.notKeptCount

  stop(): void {
    clearTimeout(this.again)
    this.again = undefined
  }

  /** Whether topics are known below a level. */
  isBranch(path: string): boolean {
    return this.rows().some((row) => row.kind === 'level' && row.level.path === path && row.level.branch)
  }

  async setOpen(path: string, open: boolean): Promise<void> {
    const under = underOf(path)
    if (open) this.open.add(under)
    else this.open.delete(under)
    this.changed()
    if (open && !this.branches.has(under)) await this.load(under)
  }

  closeAll(): void {
    this.open.clear()
    this.changed()
  }

  /** Opens everything above a topic, so that its row exists. */
  async reveal(topic: string): Promise<void> {
    for (let slash = topic.indexOf('/'); slash >= 0; slash = topic.indexOf('/', slash + 1)) {
      const path = topic.slice(0, slash)
      if (!this.open.has(underOf(path))) await this.setOpen(path, true)
    }
  }

  async loadMore(under: string): Promise<void> {
    const branch = this.branches.get(under)
    if (branch?.nextCursor && !branch.loading && !branch.error) await this.load(under, branch.nextCursor)
  }

  retry(under: string): void {
    void this.load(under)
  }

  /** Something came or went: what is on screen is looked at again soon, what is closed is forgotten. */
  reloadSoon(): void {
    this.again ??= setTimeout(() => {
      this.again = undefined
      this.reload()
    }, PATIENCE)
  }

  reload(): void {
    if (!this.branches.has('')) void this.load('')
    else this.reloadOpen()
  }

  private reloadOpen(): void {
    for (const under of [...this.branches.keys()]) {
      if (under === '' || this.open.has(under)) void this.load(under)
      else this.branches.delete(under)
    }
  }

  private async load(under: string, cursor: string | null = null): Promise<void> {
    const branch: Branch = this.branches.get(under) ?? { levels: [], nextCursor: null, loading: false, again: false, error: undefined }
    if (branch.loading) {
      branch.again ||= cursor === null
      return
    }
    this.branches.set(under, branch)
    branch.loading = true
    branch.again = false
    branch.error = undefined
    this.changed()
    try {
      await this.read(under, branch, cursor)
      while (branch.again) {
        branch.again = false
        await this.read(under, branch, null)
      }
    } catch (failure) {
      branch.error = failure as Error
    }
    branch.loading = false
    this.changed()
  }

  /** Reads the next page of a branch, or all of it that was there, so that the list keeps its place. */
  private async read(under: string, branch: Branch, from: string | null): Promise<void> {
    const read = await readRows(from, from === null ? branch.levels.length : 0, PAGE, LARGEST_PAGE, async (cursor, limit) => {
      const page = await unwrap(api.GET('/namespace/unmodeled/tree', { params: { query: { ...(under ? { under } : {}), limit, ...(cursor ? { cursor } : {}) } } }))
      this.notKeptCount = page.notKept
      return { rows: page.levels, nextCursor: page.nextCursor }
    })
    branch.levels = from === null ? read.rows : [...branch.levels, ...read.rows]
    branch.nextCursor = read.nextCursor
  }

  private flatten(): UnmodeledRow[] {
    const rows: UnmodeledRow[] = []
    const walk = (under: string, depth: number) => {
      const branch = this.branches.get(under)
      if (!branch || branch.error || (branch.levels.length === 0 && branch.loading)) {
        rows.push({ kind: 'wait', key: `wait:${under}`, depth, under, ...(branch?.error ? { error: branch.error } : {}) })
        if (!branch?.error) return
      }
      branch.levels.forEach((level, index) => {
        const open = level.branch && this.open.has(underOf(level.path))
        rows.push({ kind: 'level', key: `level:${level.path}`, level, depth, open, position: index + 1, size: branch.nextCursor ? -1 : branch.levels.length })
        if (open) walk(underOf(level.path), depth + 1)
      })
      if (branch.nextCursor) rows.push({ kind: 'more', key: `more:${under}`, depth, under })
    }
    walk('', 0)
    return rows
  }

  private changed(): void {
    this.cached = undefined
    for (const listener of this.listeners) listener()
  }
}
