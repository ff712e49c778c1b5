import { useCallback, useEffect, useState } from 'react'
import { api, onSessionEnd, unwrap, type ApiError, type Schemas } from '../api/client'

type Status = Schemas['SetupStatus']
type Me = Schemas['Me']

/** Where the visitor stands. `out.ended`: was signed in until a moment ago. */
export type Session =
  | { state: 'loading' }
  | { state: 'error'; error: Error }
  | { state: 'setup'; status: Status }
  | { state: 'out'; status: Status; ended: boolean }
  | { state: 'in'; status: Status; me: Me }

interface SessionControl {
  session: Session
  reload: () => void
  entered: (me: Me) => void
  left: () => void
}

async function look(): Promise<Session> {
  try {
    const status = await unwrap(api.GET('/setup'))
    if (status.required) return { state: 'setup', status }
    if (!status.signedIn) return { state: 'out', status, ended: false }
    try {
      return { state: 'in', status, me: await unwrap(api.GET('/auth/me')) }
    } catch (failure) {
      if ((failure as ApiError).status === 401) return { state: 'out', status, ended: false }
      throw failure
    }
  } catch (failure) {
    return { state: 'error', error: failure as Error }
  }
}

/** The session of this tab; follows what any answer of the server says about it. */
export function useSession(): SessionControl {
  const [session, setSession] = useState<Session>({ state: 'loading' })
  const reload = useCallback(() => {
    setSession({ state: 'loading' })
    void look().then(setSession)
  }, [])
  useEffect(() => {
    void look().then(setSession)
  }, [])
  useEffect(
    () =>
      onSessionEnd((name) =>
        setSession((now) =>
          now.state !== 'in'
            ? now
            : name === 'setup-required'
              ? { state: 'setup', status: { ...now.status, required: true } }
              : { state: 'out', status: now.status, ended: true },
        ),
      ),
    [],
  )
  const entered = useCallback(
    (me: Me) =>
      setSession((now) => ('status' in now ? { state: 'in', status: { ...now.status, required: false }, me } : now)),
    [],
  )
  const left = useCallback(
    () => setSession((now) => (now.state === 'in' ? { state: 'out', status: now.status, ended: false } : now)),
    [],
  )
  return { session, reload, entered, left }
}
