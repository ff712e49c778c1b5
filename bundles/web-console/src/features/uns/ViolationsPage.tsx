import { Tabs } from '@base-ui/react/tabs'
import { CircleCheck, Download, SearchX } from 'lucide-react'
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react'
import { Link } from 'wouter'
import { useLiveState, useStats, useViolationGroups } from '../../api/queries'
import { number, t, tn, tx } from '../../i18n'
import { Ago, Button, classes, FilterSelect, saveFile, SearchBox, Segments } from '../../ui/basics'
import { Empty, Failure, TableSkeleton } from '../../ui/states'
import { Table, type Column } from '../../ui/table'
import { useUrlState } from '../../ui/url'
import { byCode, clustersOf, csvOf, filtered, keyOf, publisherName, sorted, type Cluster, type Group } from './groups'
import { ViolationPanel } from './ViolationPanel'
import { Found, Outcome } from './Violations'

const RANGES = { '1h': 3_600_000, '24h': 86_400_000, '7d': 7 * 86_400_000, all: 0 } as const
type Range = keyof typeof RANGES
const STATES = ['', 'OPEN', 'HEALED'] as const
/** Codes that have a tile of their own. */
const TILES = 6
const WIDE = '(min-width: 1181px)'

/** The panel stands beside the table only where there is room. */
function useWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = globalThis.matchMedia?.(WIDE)
      query?.addEventListener('change', listener)
      return () => query?.removeEventListener('change', listener)
    },
    () => globalThis.matchMedia?.(WIDE).matches ?? true,
  )
}

function shortened(topic: string): { end: string; above: string } {
  const levels = topic.split('/')
  return { end: levels.slice(-2).join('/'), above: levels.slice(0, -2).join('/') }
}

/** Messages of all topics that did not fit their models: one row per topic, publisher, code and field; or what is alike as one. */
export default function ViolationsPage({ canWrite }: { canWrite: boolean }) {
  const [q, setQ] = useUrlState('q')
  const [code, setCode] = useUrlState('code')
  const [state, setState] = useUrlState('state')
  const [publisher, setPublisher] = useUrlState('publisher')
  const [range, setRange] = useUrlState('range')
  const [sort, setSort] = useUrlState('sort')
  const [view, setView] = useUrlState('view')
  const [picked, setPicked] = useUrlState('group')
  const wide = useWide()
  const liveState = useLiveState()
  const stats = useStats()
  const loaded = useViolationGroups(stats?.violations, stats?.violatingTopics)
  const all = useMemo(() => loaded.data?.items ?? [], [loaded.data])
  // A new picture of the list is a new present: older ones would not come into it by themselves.
  const since = useMemo(() => (RANGES[range as Range] ? loaded.dataUpdatedAt - RANGES[range as Range] : 0), [range, loaded.dataUpdatedAt])
  const inRange = useMemo(() => filtered(all, { q: '', code: '', state: '', publisher: '', since }), [all, since])
  const rows = useMemo(() => sorted(filtered(inRange, { q, code, state, publisher, since }), sort || '-at'), [inRange, q, code, state, publisher, since, sort])
  const clusters = view === 'clusters'
  const selected = rows.find((row) => keyOf(row) === picked) ?? (wide && !clusters ? rows[0] : undefined)
  const select = useCallback((group: Group) => setPicked(keyOf(group) === picked && !wide ? '' : keyOf(group)), [picked, wide, setPicked])
  useWalk(clusters ? [] : rows, selected, (group) => setPicked(keyOf(group)))

  const messages = inRange.reduce((sum, group) => sum + group.count, 0)
  const codes = byCode(inRange)
  const tiles = codes.slice(0, TILES)
  const others = codes.slice(TILES)
  const count = (which: string) => inRange.filter((group) => group.violating === (which === 'OPEN')).length
  return (
    <div className="page">
      <nav aria-label={t('uns.breadcrumb')} className="breadcrumb">
        <ol>
          <li>
            <Link href="/uns">{t('nav.uns')}</Link>
          </li>
        </ol>
      </nav>
      <header className="page-head">
        <div>
          <h1>{t('violations.title')}</h1>
          <p className="page-sub" data-testid="violations-summary">
            {loaded.data ? tn('violations.summary', messages, { topics: number(new Set(inRange.map(({ topic }) => topic)).size) }) : ' '}
          </p>
        </div>
        <div className="row page-actions">
          <div className="toggle" role="group" aria-label={t('violations.range')}>
            {(Object.keys(RANGES) as Range[]).map((each) => (
              <button key={each} type="button" aria-pressed={(range || 'all') === each} onClick={() => setRange(each === 'all' ? '' : each)}>
                {t(`violations.range.${each}`)}
              </button>
            ))}
          </div>
          <Button icon={<Download size={16} aria-hidden />} disabled={rows.length === 0} onClick={() => saveFile('violations.csv', csvOf(rows), 'text/csv')} data-testid="violations-export">
            {t('violations.export')}
          </Button>
        </div>
      </header>
      {tiles.length > 0 && (
        <div className="card code-tiles" role="group" aria-label={t('violations.code')}>
          {tiles.map((tile) => (
            <button key={tile.code} type="button" className={classes('code-tile', code === tile.code && 'on')} aria-pressed={code === tile.code} onClick={() => setCode(code === tile.code ? '' : tile.code)} data-testid={`violations-code-${tile.code}`}>
              <span className="code-name">{tile.code}</span>
              <span className="code-count num">{number(tile.count)}</span>
              <span className="code-share" aria-hidden>
                <span style={{ width: `${Math.max(2, (100 * tile.count) / messages)}%` }} />
              </span>
            </button>
          ))}
          {others.length > 0 && (
            <div className="code-tile">
              <span className="code-name">{tn('violations.otherCodes', others.length)}</span>
              <span className="code-count num">{number(others.reduce((sum, { count: each }) => sum + each, 0))}</span>
            </div>
          )}
        </div>
      )}
      <Tabs.Root value={state} onValueChange={(next) => setState(next as string)}>
        <div className="tabs-scroll">
          <Tabs.List className="tabs" aria-label={t('filter.status')}>
            {STATES.map((each) => (
              <Tabs.Tab key={each} value={each} className="tab" data-testid={`violations-tab-${each || 'ALL'}`}>
                {t(`violations.state.${each || 'ALL'}`)} {loaded.data && <span className={classes('count num', each === 'OPEN' && count(each) > 0 && 'count-warn')}>{number(each ? count(each) : inRange.length)}</span>}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </div>
      </Tabs.Root>
      <div className={classes('violations-split', wide && selected && 'with-panel')}>
        <div className="card table-card">
          <div className="toolbar">
            <SearchBox value={q} onChange={setQ} placeholder={t('violations.search')} testId="violations-search" />
            <Segments
              label={t('violations.view')}
              value={clusters ? 'clusters' : 'rows'}
              onChange={(next) => setView(next === 'clusters' ? 'clusters' : '')}
              options={[
                { value: 'rows', label: t('violations.view.rows') },
                { value: 'clusters', label: t('violations.view.clusters') },
              ]}
            />
            <FilterSelect label={t('value.publishedBy')} value={publisher} onChange={setPublisher} options={[...new Set(inRange.map(publisherName))].sort().map((value) => ({ value, label: value }))} testId="violations-publisher" />
            <span className="grow" />
            <span className="live-mark">
              {liveState === 'open' ? t('live') : t('live.off')} <span className={liveState === 'open' ? 'dot dot-ok' : 'dot dot-off'} aria-hidden />
            </span>
          </div>
          {loaded.isPending ? (
            <TableSkeleton rows={8} columns={5} />
          ) : loaded.isError ? (
            <Failure error={loaded.error} retry={loaded.refetch} />
          ) : rows.length === 0 ? (
            all.length === 0 ? (
              <Empty icon={<CircleCheck size={22} />} title={t('violations.none.title')} testId="violations-empty">
                {t('violations.none.text')}
              </Empty>
            ) : (
              <Empty icon={<SearchX size={22} />} title={t('none.match')} testId="violations-empty">
                {t('none.matchText')}
              </Empty>
            )
          ) : clusters ? (
            <Clusters clusters={clustersOf(rows)} sort={sort} onSort={setSort} onOpen={({ head, groups }) => {
              setView('')
              setCode(head.last.code)
              setQ(groups.length > 1 ? (head.last.field ?? '') : head.topic)
            }} />
          ) : (
            <>
              <Rows rows={rows} sort={sort || '-at'} onSort={setSort} selected={selected && keyOf(selected)} onOpen={select} panel={wide ? undefined : (group) => <ViolationPanel group={group} canWrite={canWrite} />} />
              <div className="table-foot">
                <span>{tn('violations.groups', rows.length)}</span>
                <span className="from-2">
                  <kbd>J</kbd> <kbd>K</kbd> {t('keys.walk')} <kbd>Enter</kbd> {t('keys.open')}
                </span>
              </div>
            </>
          )}
        </div>
        {wide && selected && !clusters && <ViolationPanel key={keyOf(selected)} group={selected} canWrite={canWrite} />}
      </div>
    </div>
  )
}

/** J and K walk through the list from wherever the focus is, but in a field. */
function useWalk(rows: Group[], selected: Group | undefined, onSelect: (group: Group) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase()
      if ((key !== 'j' && key !== 'k') || event.ctrlKey || event.metaKey || event.altKey) return
      if (/^(INPUT|TEXTAREA|SELECT)$/.test((event.target as HTMLElement).tagName) || document.querySelector('[role=dialog], [role=alertdialog]')) return
      const at = selected ? rows.indexOf(selected) : -1
      const next = rows[key === 'j' ? at + 1 : Math.max(0, at - 1)]
      if (!next) return
      event.preventDefault()
      onSelect(next)
      document.querySelector<HTMLElement>('[data-testid="violations-table"] tr.on')?.scrollIntoView({ block: 'nearest' })
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [rows, selected, onSelect])
}

interface RowsProps {
  rows: Group[]
  sort: string
  onSort: (sort: string) => void
  selected: string | undefined
  onOpen: (group: Group) => void
  panel: ((group: Group) => React.ReactNode) | undefined
}

function Rows({ rows, sort, onSort, selected, onOpen, panel }: RowsProps) {
  const columns: Column<Group>[] = [
    { id: 'at', header: t('violations.last'), sort: 'at', cell: ({ last }) => <span className="sub num"><Ago time={last.at} every={1_000} /></span> },
    {
      id: 'topic',
      header: t('uns.topic'),
      sort: 'topic',
      cell: (group) => {
        const { end, above } = shortened(group.topic)
        return (
          <div className="two-lines" title={group.topic}>
            <button type="button" className="mono strong cut wide row-open" aria-pressed={keyOf(group) === selected} onClick={() => onOpen(group)}>
              {end}
            </button>
            {above && <span className="muted small cut wide">{above}</span>}
          </div>
        )
      },
    },
    {
      id: 'publisher',
      header: t('value.publishedBy'),
      sort: 'publisher',
      from: 3,
      cell: ({ publisher }) => (
        <div className="two-lines">
          <span className="cut">{publisher.description || publisher.clientId || '—'}</span>
          {publisher.clientId && <span className="muted small mono cut">{publisher.clientId}</span>}
        </div>
      ),
    },
    {
      id: 'code',
      header: t('violations.code'),
      sort: 'code',
      from: 2,
      cell: ({ last, count, violating }) => (
        <div className="two-lines">
          <span className={classes('tag', violating ? 'tag-err' : 'tag-fill')}>{last.code}</span>
          <span className="muted small num">{number(count)}×</span>
        </div>
      ),
    },
    { id: 'found', header: t('violations.found'), cell: ({ last }) => <span className="found-cell"><Found violation={last} /></span> },
    { id: 'outcome', header: t('violations.outcome'), from: 2, cell: ({ validation, violating, healedAt }) => (
      <div className="two-lines">
        <span className="small strong">{validation}</span>
        <Outcome violating={violating} healedAt={healedAt} validation={validation} />
      </div>
    ) },
  ]
  return (
    <Table label={t('violations.title')} columns={columns} rows={rows} rowKey={keyOf} rowTestId={({ topic }) => `violation-row-${topic}`} sort={sort} onSort={onSort} onOpen={onOpen} selectedKey={selected} detail={panel} tall total={rows.length} testId="violations-table" />
  )
}

/** What is alike on several topics: mend one, mend all. */
function Clusters({ clusters, sort, onSort, onOpen }: { clusters: Cluster[]; sort: string; onSort: (sort: string) => void; onOpen: (cluster: Cluster) => void }) {
  const columns: Column<Cluster>[] = [
    {
      id: 'alike',
      header: t('violations.alike'),
      cell: (cluster) => (
        <div className="two-lines">
          <button type="button" className="strong row-open" onClick={() => onOpen(cluster)}>
            {tn('violations.alikeTopics', new Set(cluster.groups.map(({ topic }) => topic)).size)}
          </button>
          <span className="muted small mono cut wide">{cluster.groups.slice(0, 3).map(({ topic }) => topic.split('/').at(-1)).join(', ')}{cluster.groups.length > 3 && ' …'}</span>
        </div>
      ),
    },
    { id: 'code', header: t('violations.code'), cell: ({ head, violating }) => <span className={classes('tag', violating > 0 ? 'tag-err' : 'tag-fill')}>{head.last.code}</span> },
    { id: 'found', header: t('violations.found'), cell: ({ head }) => <span className="found-cell"><Found violation={head.last} /></span> },
    { id: 'publishers', header: t('value.publishedBy'), from: 2, cell: ({ groups }) => <span className="cut">{[...new Set(groups.map(publisherName))].slice(0, 2).join(', ')}</span> },
    { id: 'count', header: t('violations.messages'), numeric: true, from: 2, cell: ({ count }) => number(count) },
    { id: 'open', header: t('violations.state.OPEN'), numeric: true, cell: ({ violating }) => <span className={violating > 0 ? 'down' : 'muted'}>{number(violating)}</span> },
    { id: 'at', header: t('violations.last'), from: 3, cell: ({ head }) => <span className="sub num"><Ago time={head.last.at} every={1_000} /></span> },
  ]
  return (
    <>
      <Table label={t('violations.view.clusters')} columns={columns} rows={clusters} rowKey={({ key }) => key} sort={sort} onSort={onSort} onOpen={onOpen} tall total={clusters.length} testId="violation-clusters" />
      <div className="table-foot">
        <span>{tx('violations.clustersFoot', { n: number(clusters.length) })}</span>
      </div>
    </>
  )
}
