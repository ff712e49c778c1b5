import { Dialog as BaseDialog } from '@base-ui/react/dialog'
import {
  ChevronsUpDown,
  House,
  Keyboard,
  KeyRound,
  Languages,
  LogOut,
  Menu as MenuIcon,
  Monitor,
  Moon,
  Network,
  Search,
  Server,
  Sun,
  TriangleAlert,
  X,
} from 'lucide-react'
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { api, unwrap, type Schemas } from '../api/client'
import { useBroker, useLiveState, useSeedStats, useStats } from '../api/queries'
import { number, setLanguage, t, useLanguage, type Key } from '../i18n'
import { classes } from '../ui/basics'
import { useFocusReturn } from '../ui/focus'
import { IconButton } from '../ui/iconbutton'
import { Logo } from '../ui/logo'
import { Menu } from '../ui/menu'
import { setTheme, useTheme, type Theme } from '../ui/theme'
import { Palette } from './Palette'
import { Shortcuts } from './Shortcuts'

const ChangePassword = lazy(() => import('./ChangePassword'))

const NAV = [
  { path: '/', label: 'nav.overview', icon: House },
  { path: '/uns', label: 'nav.uns', icon: Network },
  { path: '/edge', label: 'nav.edge', icon: Server },
] as const

const THEMES: { theme: Theme; label: Key; icon: typeof Sun }[] = [
  { theme: 'light', label: 'theme.light', icon: Sun },
  { theme: 'dark', label: 'theme.dark', icon: Moon },
  { theme: 'system', label: 'theme.system', icon: Monitor },
]

function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const [location] = useLocation()
  const stats = useStats()
  return (
    <nav aria-label={t('nav.label')}>
      <ul>
        {NAV.map(({ path, label, icon: Icon }) => {
          const current = path === '/' ? location === '/' : location.startsWith(path)
          const count = path === '/uns' ? stats?.topics : path === '/edge' ? stats?.online : undefined
          return (
            <li key={path}>
              <Link
                href={path}
                className={classes('nav-item', current && 'on')}
                aria-current={current ? 'page' : undefined}
                title={t(label)}
                {...(onNavigate ? { onClick: onNavigate } : {})}
                data-testid={`nav-${path === '/' ? 'overview' : path.slice(1)}`}
              >
                <Icon size={17} aria-hidden />
                <span className="nav-label">{t(label)}</span>
                {count !== undefined && (
                  <span className="nav-count num">
                    {number(count)}
                    <span className="sr"> {t(path === '/uns' ? 'nav.uns.count' : 'nav.edge.count')}</span>
                  </span>
                )}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}

function ThemeSwitch() {
  const theme = useTheme()
  return (
    <div className="theme-switch" role="group" aria-label={t('theme.label')}>
      {THEMES.map(({ theme: value, label, icon: Icon }) => (
        <IconButton
          key={value}
          label={t(label)}
          icon={<Icon size={15} aria-hidden />}
          pressed={theme === value}
          onClick={() => setTheme(value)}
          data-testid={`theme-${value}`}
        />
      ))}
    </div>
  )
}

const ROLES: Record<Schemas['Role'], Key> = {
  ADMIN: 'role.ADMIN',
  ENGINEER: 'role.ENGINEER',
  OPERATOR: 'role.OPERATOR',
  VIEWER: 'role.VIEWER',
}

interface UserProps {
  me: Schemas['Me']
  onSignedOut: () => void
  onPassword: () => void
  onKeys: () => void
}

function UserMenu({ me, onSignedOut, onPassword, onKeys }: UserProps) {
  const language = useLanguage()
  const signOut = () => void unwrap(api.POST('/auth/logout')).catch(() => undefined).finally(onSignedOut)
  return (
    <Menu
      label={t('user.menu', { name: me.username })}
      testId="user-menu"
      align="start"
      side="top"
      trigger={
        <button type="button" className="user">
          <span className="avatar" aria-hidden>
            {me.username.charAt(0).toUpperCase()}
          </span>
          <span className="user-text">
            <span className="user-name">{me.username}</span>
            <span className="user-role">{t(ROLES[me.role])}</span>
          </span>
          <ChevronsUpDown size={15} aria-hidden />
        </button>
      }
      items={[
        {
          label: language === 'en' ? '简体中文' : 'English',
          icon: <Languages size={16} aria-hidden />,
          onSelect: () => setLanguage(language === 'en' ? 'zh-CN' : 'en'),
          testId: 'switch-language',
        },
        { label: t('keys.title'), icon: <Keyboard size={16} aria-hidden />, onSelect: onKeys, keys: '?', testId: 'show-keys' },
        { label: t('password.change'), icon: <KeyRound size={16} aria-hidden />, onSelect: onPassword, testId: 'open-change-password' },
        {
          label: t('signOut'),
          icon: <LogOut size={16} aria-hidden />,
          onSelect: signOut,
          testId: 'sign-out',
          separated: true,
        },
      ]}
    />
  )
}

function Side({ serverName, onSearch, onNavigate, ...user }: UserProps & { serverName: string; onSearch: () => void; onNavigate?: () => void }) {
  return (
    <>
      <div className="brand">
        <Logo size={28} />
        <div className="brand-text">
          <div className="brand-name">Busbar</div>
          <div className="brand-server">{serverName}</div>
        </div>
      </div>
      <button type="button" className="palette-open" onClick={onSearch} aria-keyshortcuts="Control+K" data-testid="palette-open">
        <Search size={16} aria-hidden />
        <span>{t('palette.open')}</span>
        <kbd aria-hidden data-keys="Ctrl K" />
      </button>
      <Navigation {...(onNavigate ? { onNavigate } : {})} />
      <div className="side-foot">
        <ThemeSwitch />
        <UserMenu {...user} />
      </div>
    </>
  )
}

/** The frame around every page: side bar (a drawer on small screens), warnings that concern everything, the palette. */
export function Shell({ me, onSignedOut, children }: { me: Schemas['Me']; onSignedOut: () => void; children: ReactNode }) {
  useSeedStats()
  const broker = useBroker()
  const liveState = useLiveState()
  const [location] = useLocation()
  const [palette, setPalette] = useState(false)
  const [drawer, setDrawer] = useState(false)
  const [dialog, setDialog] = useState<'keys' | 'password'>()
  const focusReturn = useFocusReturn()
  const serverName = broker.data?.serverName ?? ''

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault()
        setDrawer(false)
        setPalette(true)
      } else if (event.key === '?' && !event.ctrlKey && !event.metaKey && !event.altKey) {
        if (/^(INPUT|TEXTAREA|SELECT)$/.test((event.target as HTMLElement).tagName) || document.querySelector('[role=dialog], [role=alertdialog]')) return
        event.preventDefault()
        setDialog('keys')
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])

  useEffect(() => {
    const page = NAV.find(({ path }) => (path === '/' ? location === '/' : location.startsWith(path)))
    document.title = page ? `${t(page.label)} · Busbar` : 'Busbar'
  }, [location])

  const search = () => {
    setDrawer(false)
    setPalette(true)
  }
  const show = (which: 'keys' | 'password') => {
    setDrawer(false)
    setDialog(which)
  }
  const side = { me, onSignedOut, serverName, onSearch: search, onPassword: () => show('password'), onKeys: () => show('keys') }
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('skip')}
      </a>
      <aside className="side">
        <Side {...side} />
      </aside>
      <header className="topbar">
        <IconButton label={t('nav.open')} icon={<MenuIcon size={19} aria-hidden />} onClick={() => setDrawer(true)} data-testid="drawer-open" />
        <Logo size={24} />
        <span className="brand-name">Busbar</span>
        <span className="grow" />
        <IconButton label={t('palette.open')} icon={<Search size={18} aria-hidden />} onClick={search} />
      </header>
      <BaseDialog.Root open={drawer} onOpenChange={setDrawer}>
        <BaseDialog.Portal>
          <BaseDialog.Backdrop className="scrim" />
          <BaseDialog.Popup className="drawer" {...focusReturn} data-testid="drawer">
            <BaseDialog.Title className="sr">{t('nav.label')}</BaseDialog.Title>
            <BaseDialog.Close className="icon-btn drawer-close" aria-label={t('close')}>
              <X size={17} aria-hidden />
            </BaseDialog.Close>
            <Side {...side} onNavigate={() => setDrawer(false)} />
          </BaseDialog.Popup>
        </BaseDialog.Portal>
      </BaseDialog.Root>
      <main id="main" tabIndex={-1}>
        {broker.data?.anonymous && (
          <div className="banner banner-err" role="alert" data-testid="anonymous-banner">
            <TriangleAlert size={17} aria-hidden />
            <span>
              <strong>{t('banner.anonymous.title')}</strong> {t('banner.anonymous.text')}
            </span>
          </div>
        )}
        {liveState === 'connecting' && <Reconnecting />}
        {children}
      </main>
      <Palette open={palette} onClose={() => setPalette(false)} />
      <Shortcuts open={dialog === 'keys'} onClose={() => setDialog(undefined)} />
      {dialog === 'password' && (
        <Suspense>
          <ChangePassword me={me} onClose={() => setDialog(undefined)} />
        </Suspense>
      )}
    </div>
  )
}

/** Only after three seconds without a stream, so that it does not flicker at every start. */
function Reconnecting() {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 3_000)
    return () => clearTimeout(timer)
  }, [])
  return late ? (
    <div className="banner banner-warn" role="status" data-testid="reconnecting">
      <TriangleAlert size={17} aria-hidden />
      <span>{t('banner.reconnecting')}</span>
    </div>
  ) : null
}
