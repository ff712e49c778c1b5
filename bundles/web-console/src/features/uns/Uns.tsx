import { Tabs } from '@base-ui/react/tabs'
import { ChevronLeft, ChevronsDownUp, Copy, CopyPlus, Download, EyeOff, FolderInput, FolderPlus, Layers, Network, Pencil, Plus, Tag, Trash2, TriangleAlert, Upload } from 'lucide-react'
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { Link, useLocation } from 'wouter'
import { api, unwrap } from '../../api/client'
import { live } from '../../api/live'
import { useChannel, useStats } from '../../api/queries'
import { number, rate, t, tn } from '../../i18n'
import { Button, classes, SearchBox, Segments } from '../../ui/basics'
import { copyText, IconButton } from '../../ui/iconbutton'
import { ContextMenu, Menu, type MenuItem, type Place } from '../../ui/menu'
import { Empty, Failure, Skeleton } from '../../ui/states'
import { toast } from '../../ui/toast'
import { useUrlState, useUrlValue } from '../../ui/url'
import { DeleteNode } from './DeleteNode'
import { NodeDetail } from './Detail'
import { ExampleButton } from './Example'
import { exportBranch } from './export'
import { NodeEditor, type EditorTarget } from './NodeEditor'
import type { Moving } from './MoveNode'
import { Results, useFound } from './Results'
import { TemplateList } from './TemplateList'
import { Tree } from './Tree'
import { parentOf, TreeStore, type TreeNode } from './treestore'
import { UnmodeledDetail } from './Unmodeled'
import { UnmodeledStore } from './unmodeledstore'
import { UnmodeledTree } from './UnmodeledTree'

// What few visits need is loaded when it is opened.
const IgnoreRulesDialog = lazy(() => import('./IgnoreRules').then((module) => ({ default: module.IgnoreRulesDialog })))
const ImportDialog = lazy(() => import('./Import').then((module) => ({ default: module.ImportDialog })))
const UnmodeledBranch = lazy(() => import('./UnmodeledBranch').then((module) => ({ default: module.UnmodeledBranch })))
const UnmodeledClusters = lazy(() => import('./UnmodeledClusters').then((module) => ({ default: module.UnmodeledClusters })))
const MoveNode = lazy(() => import('./MoveNode').then((module) => ({ default: module.MoveNode })))
const RecycleBinDialog = lazy(() => import('./RecycleBin').then((module) => ({ default: module.RecycleBinDialog })))
const TemplateDetail = lazy(() => import('./TemplateDetail').then((module) => ({ default: module.TemplateDetail })))
const TemplateEditor = lazy(() => import('./TemplateEditor').then((module) => ({ default: module.TemplateEditor })))

/** What of the URL says that topics nobody modelled are looked at, or templates. */
const FOREIGN = ['tab', 'unmodeled', 'branch', 'template', 'version', 'since', 'show'] as const

/** The namespace: tree at left, what is selected at right. On small screens one at a time. */
export default function Uns({ canWrite }: { canWrite: boolean }) {
  const store = useMemo(() => new TreeStore(), [])
  const foreignStore = useMemo(() => new UnmodeledStore(), [])
  const rows = useSyncExternalStore(store.subscribe, store.rows)
  const foreignRows = useSyncExternalStore(foreignStore.subscribe, foreignStore.rows)
  const totals = useSyncExternalStore(store.subscribe, store.totals)
  const stats = useStats()
  const [, navigate] = useLocation()
  const [path] = useUrlState('path')
  const [unmodeled] = useUrlState('unmodeled')
  // The topics that begin with a slash are below a level without a name: '' is a branch too.
  const branch = useUrlValue('branch')
  const [q, setQ] = useUrlState('q')
  const [wanted, setWanted] = useUrlState('new')
  const [tab, setTab] = useUrlState('tab')
  const [view, setView] = useUrlState('view')
  const clusters = view === 'clusters'
  const [template, setTemplate] = useUrlState('template')
  const templates = tab === 'templates'
  // Who searches in all keeps the hits when one of them is a topic nobody modelled.
  const foreign = tab === 'unmodeled' || (q === '' && (unmodeled !== '' || branch !== undefined))
  const [ignoring, setIgnoring] = useState<string>()
  const [editor, setEditor] = useState<EditorTarget>()
  const [importing, setImporting] = useState(false)
  const [makingTemplate, setMakingTemplate] = useState(false)
  const [deleting, setDeleting] = useState<TreeNode>()
  const [moving, setMoving] = useState<Moving>()
  const [bin, setBin] = useState(false)
  const [menu, setMenu] = useState<{ node: TreeNode; at: Place }>()
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
    if (wanted === 'topic' || wanted === 'path') {
      setEditor({ mode: 'new', type: wanted === 'topic' ? 'TOPIC' : 'PATH', parent: '' })
      setWanted('')
    }
  }, [wanted, setWanted])

  const violatingCount = stats?.violatingTopics ?? 0
  const unmodeledCount = stats?.unmodeledTopics ?? totals?.unmodeledTopics ?? 0
  const select = useCallback(
    (next: string) => {
      const params = new URLSearchParams(globalThis.location.search)
      FOREIGN.forEach((name) => params.delete(name))
      params.set('path', next)
      navigate(`?${params}`)
    },
    [navigate],
  )
  const selectForeign = useCallback(
    (name: 'unmodeled' | 'branch', value: string) => {
      const params = new URLSearchParams(globalThis.location.search)
      for (const other of ['path', 'unmodeled', 'branch']) params.delete(other)
      params.set(name, value)
      navigate(`?${params}`)
    },
    [navigate],
  )
  const showTab = (next: unknown) => {
    if (next === 'templates') navigate('/uns?tab=templates')
    else if (next === 'unmodeled') setTab('unmodeled')
    else {
      const params = new URLSearchParams(globalThis.location.search)
      FOREIGN.forEach((name) => params.delete(name))
      navigate(`?${params}`)
    }
  }
  const selectNode = useCallback(
    (next: string) => {
      select(next)
      // A click on a path opens it; closing is the chevron's.
      const row = store.rows().find((entry) => entry.kind === 'node' && entry.key === next)
      if (row?.kind === 'node' && row.node.type === 'PATH' && !row.open) void store.setOpen(next, true)
    },
    [select, store],
  )

  const found = useFound(templates ? '' : q, foreign ? 'UNMODELED' : 'ALL', (hit) => (hit.node ? selectNode(hit.topic) : selectForeign('unmodeled', hit.topic)))
  const empty = store.isLoaded() && rows.length === 0 && unmodeledCount === 0
  const detail = path !== '' || unmodeled !== '' || branch !== undefined || (templates && template !== '')
  const newTopic = (parent: string) => setEditor({ mode: 'new', type: 'TOPIC', parent })
  const newPath = (parent: string) => setEditor({ mode: 'new', type: 'PATH', parent })
  const edit = (node: TreeNode) => {
    unwrap(api.GET('/namespace/nodes', { params: { query: { path: node.path } } })).then(
      (whole) => setEditor({ mode: 'edit', node: whole }),
      (error: Error) => toast({ kind: 'error', text: error.message }),
    )
  }
  const copyPath = (node: TreeNode) => {
    copyText(node.path).then(
      () => toast({ kind: 'ok', text: t('copied.what', { what: t('uns.path') }) }),
      () => toast({ kind: 'error', text: t('copy.failed') }),
    )
  }
  const gone = (deleted: string, parent: string) => {
    void store.reload([parent])
    if (path === deleted || path.startsWith(`${deleted}/`)) navigate(parent ? `/uns?${new URLSearchParams({ path: parent })}` : '/uns')
  }
  const arrived = (node: { path: string }, from?: string) => {
    void store.reload([parentOf(node.path), ...(from === undefined ? [] : [parentOf(from)])])
    select(node.path)
  }
  const menuItems = (node: TreeNode): MenuItem[] => [
    ...(canWrite && node.type === 'PATH'
      ? [
          { label: t('uns.newPath'), icon: <FolderPlus size={16} aria-hidden />, onSelect: () => newPath(node.path), testId: 'tree-new-path' },
          { label: t('uns.newTopic'), icon: <Tag size={16} aria-hidden />, onSelect: () => newTopic(node.path), testId: 'tree-new-topic' },
        ]
      : []),
    ...(canWrite ? [{ label: node.type === 'PATH' ? t('uns.editPath') : t('uns.editModel'), icon: <Pencil size={16} aria-hidden />, onSelect: () => edit(node), keys: 'F2', testId: 'tree-edit' }] : []),
    ...(canWrite
      ? [
          { label: t('move.menu'), icon: <FolderInput size={16} aria-hidden />, onSelect: () => setMoving({ node, how: 'move' }), keys: 'F6', testId: 'tree-move' },
          { label: t('move.copyMenu'), icon: <CopyPlus size={16} aria-hidden />, onSelect: () => setMoving({ node, how: 'copy' }), testId: 'tree-copy' },
        ]
      : []),
    { label: t('copy.path'), icon: <Copy size={16} aria-hidden />, onSelect: () => copyPath(node) },
    { label: t('uns.exportBranch'), icon: <Download size={16} aria-hidden />, onSelect: () => exportBranch(node.path) },
    ...(canWrite ? [{ label: t('delete'), icon: <Trash2 size={16} aria-hidden />, onSelect: () => setDeleting(node), danger: true, separated: true, keys: t('key.delete'), testId: 'tree-delete' }] : []),
  ]
  return (
    <div className={classes('uns', detail && 'uns-detail-open', empty && !detail && 'uns-nothing')}>
      <section className="uns-side" aria-label={t('uns.tree')}>
        <div className="uns-head">
          <h1>{t('nav.uns')}</h1>
          <span className="grow" />
          <Link href="/uns/violations" className="icon-btn violations-link" aria-label={violatingCount > 0 ? tn('violations.linkSome', violatingCount) : t('violations.title')} title={violatingCount > 0 ? tn('violations.linkSome', violatingCount) : t('violations.title')} data-testid="uns-violations">
            <TriangleAlert size={17} aria-hidden />
            {violatingCount > 0 && <span className="badge-count num" aria-hidden>{number(violatingCount)}</span>}
          </Link>
          {foreign && <IconButton label={t('ignore.title')} icon={<EyeOff size={17} aria-hidden />} onClick={() => setIgnoring('')} data-testid="ignore-rules-open" />}
          <IconButton label={t('uns.closeAll')} icon={<ChevronsDownUp size={17} aria-hidden />} onClick={() => (foreign ? foreignStore : store).closeAll()} />
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
              { label: t('bin.title'), icon: <Trash2 size={16} aria-hidden />, onSelect: () => setBin(true), separated: true, testId: 'uns-bin' },
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
                { label: t('templates.new'), icon: <Layers size={16} aria-hidden />, onSelect: () => setMakingTemplate(true), testId: 'uns-new-template' },
              ]}
            />
          )}
        </div>
        <Tabs.Root value={templates ? 'templates' : foreign ? 'unmodeled' : 'model'} onValueChange={showTab}>
          <Tabs.List className="tabs uns-tabs" aria-label={t('nav.uns')}>
            <Tabs.Tab value="model" className="tab" data-testid="uns-tab-model">
              {t('uns.tab.model')}
            </Tabs.Tab>
            <Tabs.Tab value="unmodeled" className="tab" data-testid="uns-tab-unmodeled">
              {t('uns.tab.unmodeled')} {unmodeledCount > 0 && <span className="count num">{number(unmodeledCount)}</span>}
            </Tabs.Tab>
            <Tabs.Tab value="templates" className="tab" data-testid="uns-tab-templates">
              {t('templates.title')}
            </Tabs.Tab>
          </Tabs.List>
        </Tabs.Root>
        <div className="uns-search">
          <SearchBox value={q} onChange={setQ} placeholder={templates ? t('templates.search') : foreign ? t('unmodeled.search') : t('uns.search')} testId="uns-search" hits={found.keys} />
          {foreign && !q && (
            <Segments
              label={t('clusters.view')}
              value={clusters ? 'clusters' : 'tree'}
              onChange={(next) => setView(next === 'clusters' ? 'clusters' : '')}
              options={[
                { value: 'tree', label: t('clusters.tree') },
                { value: 'clusters', label: t('clusters.title') },
              ]}
            />
          )}
        </div>
        {templates ? (
          <TemplateList q={q} selected={template} onSelect={(id) => navigate(`/uns?${new URLSearchParams({ tab: 'templates', template: id, ...(q ? { q } : {}) })}`)} />
        ) : q ? (
          <Results found={found} selected={unmodeled || path} />
        ) : foreign && clusters ? (
          <Suspense fallback={<Skeleton lines={8} />}>
            <UnmodeledClusters selected={unmodeled || branch} onSelect={(topic) => selectForeign('unmodeled', topic)} onBranch={(path) => selectForeign('branch', path)} />
          </Suspense>
        ) : foreign ? (
          <UnmodeledTree store={foreignStore} selected={unmodeled || branch} onSelect={(topic) => selectForeign('unmodeled', topic)} onBranch={(path) => selectForeign('branch', path)} />
        ) : store.rootError() ? (
          <Failure error={store.rootError()!} retry={() => store.retry('')} />
        ) : !store.isLoaded() && rows.length === 0 ? (
          <div className="tree">
            <Skeleton lines={8} />
          </div>
        ) : rows.length === 0 ? (
          <div className="tree tree-empty">{t('uns.empty.tree')}</div>
        ) : (
          <Tree
            store={store}
            entries={rows}
            selected={path || undefined}
            onSelect={selectNode}
            onRename={canWrite ? edit : undefined}
            onMove={canWrite ? (node, parent) => setMoving({ node, how: 'move', ...(parent === undefined ? {} : { parent }) }) : undefined}
            onDelete={canWrite ? setDeleting : undefined}
            onMenu={(node, at) => setMenu({ node, at })}
          />
        )}
        <footer className="uns-foot num">
          <LiveDot /> <span>{tn('uns.topics', stats?.topics ?? totals?.topics ?? 0)}</span>
          {stats && <span>{t('uns.rate', { rate: rate(stats.messagesInPerSecond) })}</span>}
          <span className="grow" />
          <span>{tn('uns.rows', foreign ? foreignRows.length : rows.length)}</span>
        </footer>
      </section>
      <div className="uns-main" id="uns-detail">
        {detail && (
          <button type="button" className="link back" onClick={() => navigate(templates ? '/uns?tab=templates' : foreign ? '/uns?tab=unmodeled' : '/uns')} data-testid="uns-back">
            <ChevronLeft size={15} aria-hidden /> {t('uns.back')}
          </button>
        )}
        {templates ? (
          template ? (
            <Suspense fallback={<Skeleton lines={6} />}>
              <TemplateDetail key={template} id={template} canWrite={canWrite} onDeleted={() => setTemplate('')} />
            </Suspense>
          ) : (
            <div className="page">
              <div className="card">
                <Empty
                  icon={<Layers size={22} />}
                  title={t('templates.choose')}
                  testId="templates-choose"
                  actions={
                    canWrite && (
                      <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setMakingTemplate(true)} data-testid="templates-new">
                        {t('templates.new')}
                      </Button>
                    )
                  }
                >
                  {t('templates.text')}
                </Empty>
              </div>
            </div>
          )
        ) : unmodeled ? (
          <UnmodeledDetail
            key={unmodeled}
            topic={unmodeled}
            canWrite={canWrite}
            onBranch={foreignStore.isBranch(unmodeled) ? () => selectForeign('branch', unmodeled) : undefined}
            onConverted={(node) => {
              void store.refresh()
              foreignStore.reload()
              navigate(`/uns?${new URLSearchParams({ path: node.path })}`)
            }}
          />
        ) : branch !== undefined ? (
          <Suspense fallback={<Skeleton lines={6} />}>
            <UnmodeledBranch
              key={branch}
              branch={branch}
              canWrite={canWrite}
              onIgnore={setIgnoring}
              onConverted={(made) => {
                void store.refresh()
                foreignStore.reload()
                navigate(`/uns?${new URLSearchParams({ path: made })}`)
              }}
            />
          </Suspense>
        ) : path ? (
          <NodeDetail
            key={path}
            path={path}
            canWrite={canWrite}
            onSelect={selectNode}
            onEdit={(node) => setEditor({ mode: 'edit', node })}
            onNewPath={() => newPath(path)}
            onNewTopic={() => newTopic(path)}
            onMove={(node, how) => setMoving({ node, how })}
            onRestored={(node) => arrived(node)}
            onDeleted={(parent) => gone(path, parent)}
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
                      {empty && (
                        <ExampleButton
                          onMade={(made) => {
                            void store.refresh()
                            select(made)
                          }}
                        />
                      )}
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
      <Suspense fallback={null}>
        {makingTemplate && (
          <TemplateEditor
            target={{ mode: 'new' }}
            onClose={() => setMakingTemplate(false)}
            onSaved={(id) => {
              setMakingTemplate(false)
              navigate(`/uns?${new URLSearchParams({ tab: 'templates', template: id })}`)
            }}
          />
        )}
      </Suspense>
      <Suspense fallback={null}>{ignoring !== undefined && <IgnoreRulesDialog filter={ignoring} canWrite={canWrite} onClose={() => setIgnoring(undefined)} onChanged={() => foreignStore.reload()} />}</Suspense>
      {menu && <ContextMenu label={t('actions.for', { name: menu.node.name })} items={menuItems(menu.node)} at={menu.at} onClose={() => setMenu(undefined)} testId="tree-menu" />}
      <DeleteNode node={deleting} onClose={() => setDeleting(undefined)} onDeleted={(parent) => gone(deleting!.path, parent)} onRestored={(node) => arrived(node)} />
      <Suspense fallback={null}>
        {moving && (
          <MoveNode
            key={`${moving.how} ${moving.node.id}`}
            moving={moving}
            onClose={() => setMoving(undefined)}
            onDone={(node) => {
              const from = moving.how === 'move' ? moving.node.path : undefined
              setMoving(undefined)
              arrived(node, from)
            }}
          />
        )}
        {bin && (
          <RecycleBinDialog
            canWrite={canWrite}
            onClose={() => setBin(false)}
            onRestored={(node) => {
              setBin(false)
              arrived(node)
            }}
          />
        )}
      </Suspense>
      <Suspense fallback={null}>{importing && <ImportDialog open onClose={() => setImporting(false)} onImported={() => void store.refresh()} />}</Suspense>
    </div>
  )
}

function LiveDot() {
  const state = useSyncExternalStore(live.subscribeState, live.state)
  return <span className={state === 'open' ? 'dot dot-ok' : 'dot dot-off'} role="img" aria-label={state === 'open' ? t('live') : t('live.off')} />
}
