import { useId } from 'react'

/** The busbar: one conductor, two taps. */
export function Logo({ size }: { size: number }) {
  const id = useId()
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <defs>
        <linearGradient id={id} x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#0e7f99" />
          <stop offset="1" stopColor="#08566a" />
        </linearGradient>
      </defs>
      <rect width="32" height="32" rx="8" fill={`url(#${id})`} />
      <g fill="none" stroke="#fff" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round">
        <path d="M10.5 9v10.5a3 3 0 0 0 3 3H20" />
        <path d="M10.5 14.5H20" />
      </g>
      <circle cx="10.5" cy="8.5" r="2.6" fill="#fff" />
      <circle cx="21.5" cy="14.5" r="2.6" fill="#fff" />
      <circle cx="21.5" cy="22.5" r="2.6" fill="#8fe6fb" />
    </svg>
  )
}
