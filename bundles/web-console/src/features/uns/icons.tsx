import { Activity, CircleDot, Folder, Zap } from 'lucide-react'
import type { Schemas } from '../../api/client'
import { duration, t } from '../../i18n'

type TopicType = Schemas['TopicType']
export type QualityCode = 'G' | 'N' | 'B' | 'U'

const LETTERS: Record<TopicType, string> = { METRIC: 'M', STATE: 'S', ACTION: 'A' }

/** M, S or A: what a topic is. */
export function TypeBadge({ type, large }: { type: TopicType | null; large?: boolean }) {
  return (
    <span className={`badge badge-${(type ?? 'NONE').toLowerCase()}${large ? ' badge-l' : ''}`} role="img" aria-label={type ? t(`type.${type}`) : t('type.TOPIC')} title={type ? t(`type.${type}`) : t('type.TOPIC')}>
      {type ? LETTERS[type] : 'T'}
    </span>
  )
}

export function PathIcon({ type, size = 16 }: { type: TopicType | null; size?: number }) {
  switch (type) {
    case 'METRIC':
      return <Activity size={size} className="metric" aria-hidden />
    case 'STATE':
      return <CircleDot size={size} className="state" aria-hidden />
    case 'ACTION':
      return <Zap size={size} className="action" aria-hidden />
    case null:
      return <Folder size={size} aria-hidden />
  }
}

const CODES: Record<Schemas['Quality'], QualityCode> = { Good: 'G', GoodNoData: 'N', Bad: 'B', Uncertain: 'U' }

export function qualityCode(quality: Schemas['Quality'] | null | undefined): QualityCode | undefined {
  return quality ? CODES[quality] : undefined
}

/** Why a value is uncertain or bad. */
export function reasonText(reason: Schemas['QualityReason']): string {
  return t(`reason.${reason.code}`, { time: duration((reason.seconds ?? 0) * 1000) })
}

/** Green: good. Amber: uncertain. Red: bad. Grey: no data yet. */
export function QualityDot({ quality }: { quality: QualityCode | undefined }) {
  const code = quality ?? 'N'
  return <span className={`dot quality-${code}`} role="img" aria-label={t(`quality.${code}`)} title={t(`quality.${code}`)} data-quality={code} />
}
