import type { ReactNode } from 'react'
import type { Schemas } from '../../api/client'
import { setLanguage, t, useLanguage } from '../../i18n'
import { Logo } from '../../ui/logo'
import { setTheme, useTheme, type Theme } from '../../ui/theme'

interface Twig {
  x: number
  y: number
  leaves: { x: number; y: number; bright: boolean }[]
}

const GROUPS = [
  { y: 115, twigs: [64, 108, 151, 195, 239] },
  { y: 322, twigs: [274, 316, 359, 402] },
  { y: 515, twigs: [463, 507, 550, 594, 638, 682] },
]

/** A picture of a namespace, grown from a fixed seed so that it is the same at every visit. */
function grow(): { root: { x: number; y: number }; twigs: Twig[] }[] {
  let seed = 20
  const random = () => {
    seed = (seed * 16807) % 2147483647
    return seed / 2147483647
  }
  return GROUPS.map(({ y, twigs }) => ({
    root: { x: 84, y },
    twigs: twigs.map((twigY) => {
      const x = 250 + random() * 105
      const step = 13 + random() * 2.5
      const bright = Math.floor(random() * 3)
      return {
        x,
        y: twigY,
        leaves: [-1, 0, 1].map((row) => ({ x: x + 150 + random() * 170, y: twigY + row * step, bright: row + 1 === bright })),
      }
    }),
  }))
}

const TREE = grow()

function curve(x1: number, y1: number, x2: number, y2: number): string {
  const middle = (x1 + x2) / 2
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`
}

function Picture() {
  return (
    <svg className="auth-tree" viewBox="0 0 780 720" preserveAspectRatio="xMinYMin meet" aria-hidden>
      {TREE.map(({ root, twigs }) => (
        <g key={root.y}>
          <path d={`M0 ${root.y}H${root.x}`} className="branch" />
          {twigs.map((twig) => (
            <g key={twig.y}>
              <path d={curve(root.x, root.y, twig.x, twig.y)} className="branch" />
              {twig.leaves.map((leaf) => (
                <g key={leaf.y}>
                  <path d={curve(twig.x, twig.y, leaf.x, leaf.y)} className="twig" />
                  <circle cx={leaf.x} cy={leaf.y} r={leaf.bright ? 5 : 2.6} className={leaf.bright ? 'leaf bright' : 'leaf'} />
                </g>
              ))}
              <circle cx={twig.x} cy={twig.y} r="4.5" className="knot" />
            </g>
          ))}
          <circle cx={root.x} cy={root.y} r="8" className="root" />
        </g>
      ))}
    </svg>
  )
}

/** The page before sign-in: the form at left, what the product is at right. */
export function AuthFrame({ status, children }: { status: Schemas['SetupStatus']; children: ReactNode }) {
  const language = useLanguage()
  const theme = useTheme()
  return (
    <div className="auth">
      <div className="auth-form">
        <header className="auth-brand">
          <Logo size={28} />
          <span className="brand-name">Busbar</span>
        </header>
        <main className="auth-main">{children}</main>
        <footer className="auth-foot">
          <span>{t('auth.version', { version: status.version })}</span>
          <span className="row">
            <select
              className="quiet-select"
              aria-label={t('language')}
              value={language}
              onChange={(event) => setLanguage(event.target.value as typeof language)}
            >
              <option value="en">English</option>
              <option value="zh-CN">简体中文</option>
            </select>
            <select
              className="quiet-select"
              aria-label={t('theme.label')}
              value={theme}
              onChange={(event) => setTheme(event.target.value as Theme)}
            >
              <option value="light">{t('theme.light')}</option>
              <option value="dark">{t('theme.dark')}</option>
              <option value="system">{t('theme.system')}</option>
            </select>
          </span>
        </footer>
      </div>
      <aside className="auth-side">
        <Picture />
        <div className="auth-claim">
          <p className="auth-claim-title">{t('auth.claim.title')}</p>
          <p>{t('auth.claim.text')}</p>
        </div>
      </aside>
    </div>
  )
}
