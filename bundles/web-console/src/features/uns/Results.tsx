import { CircleHelp, SearchX } from 'lucide-react'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import type { Schemas } from '../../api/client'
import { useSearch, type SearchScope } from '../../api/queries'
import { number, t } from '../../i18n'
import { classes, type SearchKeys } from '../../ui/basics'
import { Empty, Failure, Skeleton } from '../../ui/states'
import { PathIcon, qualityCode, QualityDot, TypeBadge } from './icons'
import { unitSign } from './units'

export type Hit = Schemas['SearchHit']

type Found = ReturnType<typeof useFound>

/** How long hits may be behind, in ms. */
const SEARCH_AGAIN = 30_000

/** Why something was found, where that is not to be seen anyway. */
export function whyFound({ matched, field, text }: Pick<Hit, 'matched' | 'field' | 'text'>): string | undefined {
  switch (matched) {
    case 'FIELD':
      return t('uns.hit.FIELD', { field: field ?? '' })
    case 'VALUE':
      return t('uns.hit.VALUE', { field: field ?? '', value: text ?? '' })
    case 'LABEL':
    case 'DESCRIPTION':
    case 'WIRE_TOPIC':
      return t(`uns.hit.${matched}`, { text: text ?? '' })
    case 'ALIAS':
      return t('uns.hit.ALIAS')
    default:
      return undefined
  }
}

/** What a search finds, and the keys of the search box: arrows walk, Enter opens. */
export function useFound(q: string, scope: SearchScope, onOpen: (hit: Hit) => void) {
  const result = useSearch(q, 200, scope, SEARCH_AGAIN)
  const id = useId()
  const [active, setActive] = useState(0)
  useEffect(() => setActive(0), [q, scope])
  const hits = q === '' ? [] : (result.data?.items ?? [])
  const current = Math.min(active, hits.length - 1)
  const onKeyDown = (event: KeyboardEvent) => {
    if (q === '' || hits.length === 0) return
    if (event.key === 'ArrowDown') setActive(Math.min(current + 1, hits.length - 1))
    else if (event.key === 'ArrowUp') setActive(Math.max(current - 1, 0))
    else if (event.key === 'Enter' && !result.isPlaceholderData) onOpen(hits[current]!)
    else return
    event.preventDefault()
  }
  const keys: SearchKeys = { list: id, active: hits.length > 0 ? `${id}-${current}` : undefined, onKeyDown }
  return { result, hits, current, id, keys, setActive, onOpen }
}

/** What the search found, the best first, each with what made it a hit. */
export function Results({ found, selected }: { found: Found; selected: string }) {
  const { result, hits, current, id } = found
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector('.active')?.scrollIntoView?.({ block: 'nearest' })
  }, [current])
  if (result.isPending) {
    return (
      <div className="tree">
        <Skeleton lines={6} />
      </div>
    )
  }
  if (result.isError) return <Failure error={result.error} retry={result.refetch} />
  if (hits.length === 0) {
    return (
      <Empty icon={<SearchX size={22} />} title={t('none.match')} testId="uns-none">
        {t('uns.hits.none')}
      </Empty>
    )
  }
  const { total, more } = result.data
  return (
    <>
      <div ref={list} id={id} className="tree results" role="listbox" aria-label={t('palette.results')} data-testid="uns-results">
        {hits.map((hit, index) => (
          <ResultRow key={`${hit.node ? 'n' : 't'}${hit.topic}`} hit={hit} id={`${id}-${index}`} selected={hit.topic === selected} active={index === current} onOpen={() => {
            found.setActive(index)
            found.onOpen(hit)
          }} />
        ))}
      </div>
      <p className="tree-note results-note" role="status" data-testid="uns-results-note">
        {more ? t('uns.hits.more', { n: number(hits.length), total: number(total) }) : t('showing', { n: number(hits.length), total: number(total) })}
      </p>
    </>
  )
}

function ResultRow({ hit, id, selected, active, onOpen }: { hit: Hit; id: string; selected: boolean; active: boolean; onOpen: () => void }) {
  const { node, unmodeled, topic } = hit
  const why = whyFound(hit)
  const value = node?.type === 'TOPIC' ? (node.text === null ? '' : `${node.text} ${unitSign(node.unit)}`) : (unmodeled?.text ?? '')
  return (
    <div id={id} role="option" aria-selected={selected} className={classes('result', selected && 'on', active && 'active')} onClick={onOpen} data-testid={`search-result-${topic}`}>
      {node === null ? <CircleHelp size={16} aria-label={t('value.unmodeled')} /> : node.type === 'PATH' ? <PathIcon type={node.topicType} /> : <TypeBadge type={node.topicType} />}
      <span className="result-text">
        <span>{node ? (node.displayName ?? node.name) : topic.split('/').at(-1) || topic}</span>
        <span className="mono result-path" title={topic}>
          {topic}
        </span>
        {why && <span className="result-why">{why}</span>}
      </span>
      {(node === null || node.type === 'TOPIC') && (
        <>
          <span className="tree-value mono">{value}</span>
          {node && <QualityDot quality={qualityCode(node.quality)} />}
        </>
      )}
    </div>
  )
}
