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
const PATIENCE = 2_000
/** What the server tells at once. */
const MOST_BRANCHES = 500

/** What the server calls the branch below a level: all levels with a slash after each. */
function underOf(path: string): string {
  return `${path}/`
}

/** Puts a level into its place among the others, which are sorted as the server does, or takes it out. */
function placed(levels: UnmodeledLevel[], name: string, level: UnmodeledLevel | null, hasMore: boolean): UnmodeledLevel[] {
  const at = levels.findIndex((each) => each.name >= name)
  const known = at >= 0 && levels[at]!.name === name
  if (!level) return known ? levels.toSpliced(at, 1) : levels
  if (known) return levels.with(at, level)
  if (at >= 0) return levels.toSpliced(at, 0, level)
  // What comes after the last page that was read is read with the next.
  return hasMore ? levels : [...levels, level]
}

/**
 * The topics nobody modelled, as far as somebody looked: a branch is loaded when it is opened, page by page. When topics come or go, the server is
 * asked at most every two seconds what changed below the branches that are open, and only these rows are replaced. Lives outside React.
 */
export class UnmodeledStore {
  private readonly branches = new Map<string, Branch>()
  private readonly open = new Set<string>()
  private readonly listeners = new Set<() => void>()
  private cached: UnmodeledRow[] | undefined
  private notKeptCount = 0
  /** What the server changed after it is not shown yet. */
  private revision: string | undefined
  /** The latest that the server told of. */
  private latest: string | undefined
  private asking = false
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

  /** The server tells where it is: if topics came or went, it is asked soon which. */
  noticed(revision: string): void {
    this.latest = revision
    this.catchUpSoon()
  }

  private catchUpSoon(): void {
    if (this.revision === undefined || this.latest === this.revision) return
    this.again ??= setTimeout(() => {
      this.again = undefined
      void this.catchUp()
    }, PATIENCE)
  }

  /** Replaces the rows that changed; what is closed is forgotten. */
  private async catchUp(): Promise<void> {
    if (this.asking || this.revision === undefined) return
    const under = this.shownBranches()
    for (const known of [...this.branches.keys()]) if (!under.has(known)) this.branches.delete(known)
    if (under.size > MOST_BRANCHES) return this.reload()
    this.asking = true
    try {
      const changes = await unwrap(api.POST('/namespace/unmodeled/changes', { body: { since: this.revision, under: [...under] } }))
      this.notKeptCount = changes.notKept
      this.revision = changes.revision
      if (this.latest === undefined || Number(this.latest) < Number(changes.revision)) this.latest = changes.revision
      if (changes.complete) this.apply(changes.levels)
      else this.reload()
    } catch {
      // Not reached: the next sign of life asks again.
    } finally {
      this.asking = false
    }
    this.catchUpSoon()
  }

  private apply(levels: Schemas['UnmodeledChanges']['levels']): void {
    for (const { under, name, level } of levels) {
      const branch = this.branches.get(under)
      if (branch) branch.levels = placed(branch.levels, name, level, branch.nextCursor !== null)
    }
    if (levels.length > 0) this.changed()
  }

  /** The branches whose rows are in the list: those that are open, and all above them. */
  private shownBranches(): Set<string> {
    const shown = new Set([''])
    for (const row of this.rows()) if (row.kind === 'level' && row.open) shown.add(underOf(row.level.path))
    return shown
  }

  reload(): void {
    if (!this.branches.has('')) void this.load('')
    else this.reloadOpen()
  }

  private reloadOpen(): void {
    const shown = this.shownBranches()
    for (const under of [...this.branches.keys()]) {
      if (shown.has(under)) void this.load(under)
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
      this.asOf(page.revision)
      return { rows: page.levels, nextCursor: page.nextCursor }
    })
    branch.levels = from === null ? read.rows : [...branch.levels, ...read.rows]
    branch.nextCursor = read.nextCursor
  }

  /** Some rows are as of a revision: what changed after the oldest of them is asked for. */
  private asOf(revision: string): void {
    if (this.revision === undefined || Number(revision) < Number(this.revision)) this.revision = revision
    if (this.latest === undefined || Number(revision) > Number(this.latest)) this.latest = revision
    this.catchUpSoon()
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
