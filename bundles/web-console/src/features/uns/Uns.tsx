import { ChevronLeft, ChevronsDownUp, Download, FolderPlus, Network, Plus, SearchX, Tag, Upload } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useLocation } from 'wouter'
import { live } from '../../api/live'
import { useChannel, useSearch, useStats, useUnmodeled } from '../../api/queries'
import { number, rate, t, tn } from '../../i18n'
import { Button, classes, SearchBox } from '../../ui/basics'
import { IconButton } from '../../ui/iconbutton'
import { Menu } from '../../ui/menu'
import { Empty, Failure, Skeleton } from '../../ui/states'
import { useUrlState } from '../../ui/url'
import { NodeDetail } from './Detail'
import { exportBranch } from './export'
import { PathIcon, QualityDot, qualityCode, TypeBadge } from './icons'
import { ImportDialog } from './Import'
import { NodeEditor, type EditorTarget } from './NodeEditor'
import { Tree, type Entry } from './Tree'
import { parentOf, TreeStore } from './treestore'
import { UnmodeledDetail } from './Unmodeled'
import { unitSign } from './units'

/** The namespace: tree at left, what is selected at right. On small screens one at a time. */
export default function Uns({ canWrite }: { canWrite: boolean }) {
  const store = useMemo(() => new TreeStore(), [])
  const rows = useSyncExternalStore(store.subscribe, store.rows)
  const totals = useSyncExternalStore(store.subscribe, store.totals)
  const stats = useStats()
  const [, navigate] = useLocation()
  const [path] = useUrlState('path')
  const [unmodeled] = useUrlState('unmodeled')
  const [q, setQ] = useUrlState('q')
  const [wanted, setWanted] = useUrlState('new')
  const [unmodeledOpen, setUnmodeledOpen] = useState(unmodeled !== '')
  const [editor, setEditor] = useState<EditorTarget>()
  const [importing, setImporting] = useState(false)
  useChannel('namespace')
  useChannel('values')

  useEffect(() => {
    void store.start()
    const off = [
      live.on('namespace', (event) => void (event.reload ? store.refresh() : store.reload(event.parents, event.revision))),
      live.on('watching', ({ channels }) => channels.includes('namespace') && void store.refresh()),
      live.on('lost', () => void store.refresh()),
      live.on('hello', (hello) => !hello.resumed && void store.refresh()),
    ]
    return () => off.forEach((stop) => stop())
  }, [store])
  useEffect(() => {
    if (path) void store.reveal(path)
  }, [store, path])
  useEffect(() => {
    if (unmodeled) setUnmodeledOpen(true)
  }, [unmodeled])
  useEffect(() => {
    if (wanted === 'topic' || wanted === 'path') {
      setEditor({ mode: 'new', type: wanted === 'topic' ? 'TOPIC' : 'PATH', parent: '' })
      setWanted('')
    }
  }, [wanted, setWanted])

  const unmodeledTopics = useUnmodeled({ sort: 'topic' }, unmodeledOpen)
  const unmodeledCount = unmodeledTopics.data?.pages[0]?.total ?? stats?.unmodeledTopics ?? totals?.unmodeledTopics ?? 0
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = unmodeledTopics
  const moreUnmodeled = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])

  const entries = useMemo<Entry[]>(() => {
    if (unmodeledCount === 0) return rows
    const root: Entry = { kind: 'unmodeled-root', key: 'unmodeled-root', depth: 0, open: unmodeledOpen, count: unmodeledCount }
    if (!unmodeledOpen) return [...rows, root]
    const topics = unmodeledTopics.data?.pages.flatMap((page) => page.items) ?? []
    return [
      ...rows,
      root,
      ...topics.map(
        (topic, index): Entry => ({ kind: 'unmodeled', key: `unmodeled:${topic.topic}`, depth: 1, topic, position: index + 1, size: unmodeledCount }),
      ),
      ...(hasNextPage ? [{ kind: 'unmodeled-more', key: 'unmodeled-more', depth: 1 } satisfies Entry] : []),
    ]
  }, [rows, unmodeledCount, unmodeledOpen, unmodeledTopics.data, hasNextPage])

  const select = useCallback(
    (next: string) => {
      const params = new URLSearchParams(globalThis.location.search)
      params.delete('unmodeled')
      params.set('path', next)
      navigate(`?${params}`)
    },
    [navigate],
  )
  const selectUnmodeled = useCallback((topic: string) => navigate(`/uns?${new URLSearchParams({ unmodeled: topic })}`), [navigate])
  const toggleUnmodeled = useCallback(() => setUnmodeledOpen((open) => !open), [])
  const selectNode = useCallback(
    (next: string) => {
      select(next)
      // A click on a path opens it; closing is the chevron's.
      const row = store.rows().find((entry) => entry.kind === 'node' && entry.key === next)
      if (row?.kind === 'node' && row.node.type === 'PATH' && !row.open) void store.setOpen(next, true)
    },
    [select, store],
  )

  const empty = store.isLoaded() && rows.length === 0 && unmodeledCount === 0
  const detail = path !== '' || unmodeled !== ''
  const newTopic = (parent: string) => setEditor({ mode: 'new', type: 'TOPIC', parent })
  const newPath = (parent: string) => setEditor({ mode: 'new', type: 'PATH', parent })
  return (
    <div className={classes('uns', detail && 'uns-detail-open', empty && !detail && 'uns-nothing')}>
      <section className="uns-side" aria-label={t('uns.tree')}>
        <div className="uns-head">
          <h1>{t('nav.uns')}</h1>
          <span className="grow" />
          <IconButton label={t('uns.closeAll')} icon={<ChevronsDownUp size={17} aria-hidden />} onClick={() => store.closeAll()} />
          <Menu
            label={t('uns.files')}
            testId="uns-files"
            trigger={
              <button type="button" className="icon-btn" aria-label={t('uns.files')} title={t('uns.files')}>
                <Upload size={17} aria-hidden />
              </button>
            }
            items={[
              ...(canWrite ? [{ label: t('uns.import'), icon: <Upload size={16} aria-hidden />, onSelect: () => setImporting(true), testId: 'uns-import' }] : []),
              { label: t('uns.export'), icon: <Download size={16} aria-hidden />, onSelect: () => exportBranch(undefined), testId: 'uns-export' },
            ]}
          />
          {canWrite && (
            <Menu
              label={t('uns.new')}
              testId="uns-new"
              trigger={
                <Button variant="primary" icon={<Plus size={16} aria-hidden />}>
                  {t('uns.new')}
                </Button>
              }
              items={[
                { label: t('uns.newPath'), icon: <FolderPlus size={16} aria-hidden />, onSelect: () => newPath(path), testId: 'uns-new-path' },
                { label: t('uns.newTopic'), icon: <Tag size={16} aria-hidden />, onSelect: () => newTopic(path), testId: 'uns-new-topic' },
              ]}
            />
          )}
        </div>
        <div className="uns-search">
          <SearchBox value={q} onChange={setQ} placeholder={t('uns.search')} testId="uns-search" />
        </div>
        {q ? (
          <Results q={q} selected={path} onSelect={selectNode} />
        ) : store.rootError() ? (
          <Failure error={store.rootError()!} retry={() => store.retry('')} />
        ) : !store.isLoaded() && rows.length === 0 ? (
          <div className="tree">
            <Skeleton lines={8} />
          </div>
        ) : empty ? (
          <div className="tree tree-empty">{t('uns.empty.tree')}</div>
        ) : (
          <Tree
            store={store}
            entries={entries}
            selected={path || undefined}
            selectedUnmodeled={unmodeled || undefined}
            onSelect={selectNode}
            onSelectUnmodeled={selectUnmodeled}
            onToggleUnmodeled={toggleUnmodeled}
            onMoreUnmodeled={moreUnmodeled}
          />
        )}
        <footer className="uns-foot num">
          <LiveDot /> <span>{tn('uns.topics', stats?.topics ?? totals?.topics ?? 0)}</span>
          {stats && <span>{t('uns.rate', { rate: rate(stats.messagesInPerSecond) })}</span>}
          <span className="grow" />
          <span>{tn('uns.rows', entries.length)}</span>
        </footer>
      </section>
      <div className="uns-main" id="uns-detail">
        {detail && (
          <button type="button" className="link back" onClick={() => navigate('/uns')} data-testid="uns-back">
            <ChevronLeft size={15} aria-hidden /> {t('uns.back')}
          </button>
        )}
        {unmodeled ? (
          <UnmodeledDetail
            key={unmodeled}
            topic={unmodeled}
            canWrite={canWrite}
            onConverted={(node) => {
              void store.refresh()
              navigate(`/uns?${new URLSearchParams({ path: node.path })}`)
            }}
          />
        ) : path ? (
          <NodeDetail
            key={path}
            path={path}
            canWrite={canWrite}
            onSelect={selectNode}
            onEdit={(node) => setEditor({ mode: 'edit', node })}
            onNewPath={() => newPath(path)}
            onNewTopic={() => newTopic(path)}
            onDeleted={(parent) => {
              void store.reload([parent])
              navigate(parent ? `/uns?${new URLSearchParams({ path: parent })}` : '/uns')
            }}
          />
        ) : (
          <div className="page">
            <div className="card">
              <Empty
                icon={<Network size={22} />}
                title={empty ? t('uns.empty.title') : t('uns.choose.title')}
                testId={empty ? 'uns-empty' : 'uns-choose'}
                actions={
                  canWrite && (
                    <>
                      <Button variant="primary" icon={<FolderPlus size={16} aria-hidden />} onClick={() => newPath('')} data-testid="empty-new-path">
                        {t('uns.newPath')}
                      </Button>
                      <Button icon={<Tag size={16} aria-hidden />} onClick={() => newTopic('')} data-testid="empty-new-topic">
                        {t('uns.newTopic')}
                      </Button>
                      <Button icon={<Upload size={16} aria-hidden />} onClick={() => setImporting(true)} data-testid="empty-import">
                        {t('uns.import')}
                      </Button>
                    </>
                  )
                }
              >
                {empty ? t('uns.empty.text') : t('uns.choose.text')}
              </Empty>
            </div>
          </div>
        )}
      </div>
      {editor && (
        <NodeEditor
          target={editor}
          onClose={() => setEditor(undefined)}
          onSaved={(node) => {
            setEditor(undefined)
            void store.reload([parentOf(node.path)])
            select(node.path)
          }}
        />
      )}
      <ImportDialog open={importing} onClose={() => setImporting(false)} onImported={() => void store.refresh()} />
    </div>
  )
}

function LiveDot() {
  const state = useSyncExternalStore(live.subscribeState, live.state)
  return <span className={state === 'open' ? 'dot dot-ok' : 'dot dot-off'} role="img" aria-label={state === 'open' ? t('live') : t('live.off')} />
}

/** What the search found, in one flat list. */
function Results({ q, selected, onSelect }: { q: string; selected: string; onSelect: (path: string) => void }) {
  const result = useSearch(q, 200)
  const list = useRef<HTMLUListElement>(null)
  if (result.isPending) {
    return (
      <div className="tree">
        <Skeleton lines={6} />
      </div>
    )
  }
  if (result.isError) return <Failure error={result.error} retry={result.refetch} />
  if (result.data.items.length === 0) {
    return (
      <Empty icon={<SearchX size={22} />} title={t('none.match')}>
        {t('none.matchText')}
      </Empty>
    )
  }
  return (
    <ul ref={list} className="tree results" aria-label={t('palette.results')} data-testid="uns-results">
      {result.data.items.map(({ node, field }) => (
        <li key={node.id}>
          <button type="button" className={classes('result', node.path === selected && 'on')} onClick={() => onSelect(node.path)} data-testid={`search-result-${node.path}`}>
            {node.type === 'PATH' ? <PathIcon type={node.topicType} /> : <TypeBadge type={node.topicType} />}
            <span className="result-text">
              <span>
                {node.displayName ?? node.name}
                {field && <span className="muted mono"> · {field}</span>}
              </span>
              <span className="mono result-path">{node.path}</span>
            </span>
            {node.type === 'TOPIC' && (
              <>
                <span className="tree-value mono">{node.text !== null ? `${node.text} ${unitSign(node.unit)}` : ''}</span>
                <QualityDot quality={qualityCode(node.quality)} />
              </>
            )}
          </button>
        </li>
      ))}
      <li className="tree-note">{t('showing', { n: number(result.data.items.length), total: number(result.data.total) })}</li>
    </ul>
  )
}
